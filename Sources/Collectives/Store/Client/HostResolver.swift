import Glibc

/// An address of a host, as `connect` takes it.
struct HostAddress: Sendable {
  let storage: sockaddr_storage
  let length: socklen_t

  var family: Int32 { Int32(storage.ss_family) }
}

/// The resolver's failure.
struct ResolverFailure: Error {
  let code: Int32

  /// The name is wrong, or not published yet; other failures are the network's.
  var saysUnknownName: Bool { code == EAI_NONAME }

  var reason: String { String(cString: gai_strerror(code)) }
}

/// All IPv6 and IPv4 addresses of `host`, best first; blocks as long as the system's resolver does.
func resolve(host: String, port: Int) throws(ResolverFailure) -> [HostAddress] {
  var hints = addrinfo()
  hints.ai_family = AF_UNSPEC
  hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
  hints.ai_flags = AI_NUMERICSERV
  var first: UnsafeMutablePointer<addrinfo>?
  let code = getaddrinfo(host.withoutBrackets, String(port), &hints, &first)
  guard code == 0 else { throw ResolverFailure(code: code) }
  defer { freeaddrinfo(first) }
  return sequence(first: first) { $0?.pointee.ai_next }
    .prefix { $0 != nil }
    .compactMap { $0.flatMap { address(of: $0.pointee) } }
}

private func address(of info: addrinfo) -> HostAddress? {
  guard let source = info.ai_addr, info.ai_addrlen <= MemoryLayout<sockaddr_storage>.size else {
    return nil
  }
  var storage = sockaddr_storage()
  withUnsafeMutableBytes(of: &storage) {
    $0.copyMemory(from: UnsafeRawBufferPointer(start: source, count: Int(info.ai_addrlen)))
  }
  return HostAddress(storage: storage, length: info.ai_addrlen)
}
