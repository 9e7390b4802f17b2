package import Glibc

/// An IPv4 or IPv6 address with a port.
package struct HostAddress: Sendable {
  private var storage: sockaddr_storage
  private var length: socklen_t

  package var family: Int32 { Int32(storage.ss_family) }

  /// Resolves a host to its IPv6 and IPv4 addresses; blocks as long as the system's resolver.
  ///
  /// - Returns: The addresses, the preferred one first, or the resolver's error.
  package static func resolve(_ host: String, _ port: Int) -> Result<[HostAddress], ResolverFailure>
  {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV
    var first: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host.withoutBrackets, String(port), &hints, &first)
    guard code == 0 else {
      return .failure(ResolverFailure(code: code))
    }
    defer { freeaddrinfo(first) }
    return .success(
      sequence(first: first) { $0?.pointee.ai_next }.prefix { $0 != nil }.compactMap {
        $0.flatMap { HostAddress($0.pointee.ai_addr, $0.pointee.ai_addrlen) }
      })
  }

  package init?(_ address: UnsafeMutablePointer<sockaddr>?, _ length: socklen_t) {
    guard let address, length <= MemoryLayout<sockaddr_storage>.size else { return nil }
    var storage = sockaddr_storage()
    withUnsafeMutableBytes(of: &storage) {
      $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(length)))
    }
    self.storage = storage
    self.length = length
  }

  /// The local address of a connection.
  package init(localOf descriptor: Int32) {
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

  package func connect(_ descriptor: Int32) -> Int32 {
    withBytes { Glibc.connect(descriptor, $0, length) }
  }

  /// The numeric address without its port; an IPv4-mapped IPv6 address in IPv4 form.
  package var text: String {
    var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let code = withBytes {
      getnameinfo($0, length, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
    }
    guard code == 0 else { return "" }
    let text = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return text.hasPrefix("::ffff:") ? String(text.dropFirst(7)) : text
  }

  private func withBytes<Result>(_ body: (UnsafePointer<sockaddr>) -> Result) -> Result {
    withUnsafePointer(to: storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
    }
  }
}

/// A failure to resolve a name.
package struct ResolverFailure: Error {
  let code: Int32

  package init(code: Int32) { self.code = code }

  /// Whether the name is unknown, because it is wrong or not yet published.
  ///
  /// Other failures concern the network.
  var isUnknownName: Bool { code == EAI_NONAME }

  /// The resolver's message.
  package var reason: String { String(cString: gai_strerror(code)) }
}
