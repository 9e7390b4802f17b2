import Collectives
import Glibc

extension HostAddress {
  /// The interfaces of this machine by their addresses.
  static var interfaces: [String: String] {
    var first: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&first) == 0 else { return [:] }
    defer { freeifaddrs(first) }
    var result: [String: String] = [:]
    for entry in sequence(first: first, next: { $0?.pointee.ifa_next }) {
      guard let address = entry?.pointee.ifa_addr else { continue }
      let size =
        switch Int32(address.pointee.sa_family) {
        case AF_INET: MemoryLayout<sockaddr_in>.size
        case AF_INET6: MemoryLayout<sockaddr_in6>.size
        default: 0
        }
      if size > 0, let address = HostAddress(address, socklen_t(size)) {
        result[address.text] = entry.map { String(cString: $0.pointee.ifa_name) }
      }
    }
    return result
  }

  /// The address from which this machine reaches the other machine; nothing is sent.
  var localAddressTowards: String? {
    let probe = Descriptor(owning: socket(family, Int32(SOCK_DGRAM.rawValue), 0))
    guard probe.number >= 0, connect(probe.number) == 0 else { return nil }
    return HostAddress(localOf: probe.number).text
  }

  /// Whether a text is a loopback address.
  static func isLoopback(_ text: String) -> Bool { text == "::1" || text.hasPrefix("127.") }
}
