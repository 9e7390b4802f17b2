import Glibc

/// An IPv4 or IPv6 address with a port.
struct SocketAddress: Sendable {
  private var storage: sockaddr_storage
  private var length: socklen_t

  var family: Int32 { Int32(storage.ss_family) }

  /// All addresses of a host; blocks as long as the system's resolver does.
  ///
  /// - Returns: The addresses, best first, or the resolver's words for why there are none.
  static func resolve(_ host: String, _ port: Int) -> Result<[SocketAddress], ResolverFailure> {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV
    var first: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &first)
    guard code == 0 else {
      return .failure(ResolverFailure(reason: String(cString: gai_strerror(code))))
    }
    defer { freeaddrinfo(first) }
    return .success(
      sequence(first: first) { $0?.pointee.ai_next }.prefix { $0 != nil }.compactMap {
        $0.flatMap { SocketAddress($0.pointee.ai_addr, $0.pointee.ai_addrlen) }
      })
  }

  /// This machine's addresses, and the names of the interfaces that have them.
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
      if size > 0, let address = SocketAddress(address, socklen_t(size)) {
        result[address.text] = entry.map { String(cString: $0.pointee.ifa_name) }
      }
    }
    return result
  }

  private init?(_ address: UnsafeMutablePointer<sockaddr>?, _ length: socklen_t) {
    guard let address, length <= MemoryLayout<sockaddr_storage>.size else { return nil }
    var storage = sockaddr_storage()
    withUnsafeMutableBytes(of: &storage) {
      $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(length)))
    }
    self.storage = storage
    self.length = length
  }

  /// The address of this end of a connection.
  init(localOf descriptor: Int32) {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    withUnsafeMutablePointer(to: &storage) {
      _ = $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(descriptor, $0, &length)
      }
    }
    self.storage = storage
    self.length = length
  }

  /// The address from which this machine would reach this one; nothing is sent to find out.
  var localAddressTowards: String? {
    let probe = Descriptor(owning: socket(family, Int32(SOCK_DGRAM.rawValue), 0))
    guard probe.number >= 0, connect(probe.number) == 0 else { return nil }
    return SocketAddress(localOf: probe.number).text
  }

  func connect(_ descriptor: Int32) -> Int32 {
    withBytes { Glibc.connect(descriptor, $0, length) }
  }

  /// The address without its port, as digits; an IPv4 one that travels as IPv6 is shown as IPv4.
  var text: String {
    var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let code = withBytes {
      getnameinfo($0, length, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
    }
    guard code == 0 else { return "" }
    let text = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return text.hasPrefix("::ffff:") ? String(text.dropFirst(7)) : text
  }

  /// Whether a text is an address of the machine's own loopback.
  static func isLoopback(_ text: String) -> Bool { text == "::1" || text.hasPrefix("127.") }

  private func withBytes<Result>(_ body: (UnsafePointer<sockaddr>) -> Result) -> Result {
    withUnsafePointer(to: storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
    }
  }
}

/// Why a name could not be resolved.
struct ResolverFailure: Error {
  let reason: String
}
