internal import Glibc

/// Identifies the rank that a Gloo error is about.
///
/// Gloo reports only the peer's address: `Read error [10.0.0.2]:42900: Connection reset by peer`.
/// If the peer accepted the connection, that is the address which it published in the store. If the
/// peer opened the connection, the port is a different one, and the rank is known only if it is the
/// only one on its host.
package struct GlooPeers {
  /// The address that each rank published in the store; `nil` if it cannot be read.
  private let addresses: [[UInt8]?]
  private let rank: Int

  /// - Parameters:
  ///   - addresses: The address that each rank published in the store, by rank.
  ///   - rank: The rank that saw the error.
  package init(_ addresses: [[UInt8]?], rank: Int) {
    self.addresses = addresses
    self.rank = rank
  }

  /// Returns the rank that a message is about; `nil` if it is unknown.
  package func rank(in message: String) -> Int? {
    let peers = addresses.indices.filter { $0 != rank }
    if peers.count == 1 { return peers[0] }
    guard let (host, port) = GlooPeers.address(in: message) else { return nil }
    let onHost = peers.filter { peer in
      addresses[peer].map { GlooPeers.position(of: host, in: $0) != nil } ?? false
    }
    // In a socket address the port precedes the host, for IPv6 with four bytes in between.
    let gap = host.count == 4 ? 2 : 6
    let exact = onHost.filter { peer in
      guard let bytes = addresses[peer], let position = GlooPeers.position(of: host, in: bytes),
        position >= gap
      else { return false }
      return Array(bytes[position - gap..<position - gap + 2]) == port
    }
    if exact.count == 1 { return exact[0] }
    let areAllKnown = peers.allSatisfy { addresses[$0] != nil }
    return onHost.count == 1 && areAllKnown ? onHost[0] : nil
  }

  /// The host and port of `[host]:port`, in network byte order.
  private static func address(in message: String) -> (host: [UInt8], port: [UInt8])? {
    for start in message.indices where message[start] == "[" {
      let rest = message[message.index(after: start)...]
      guard let end = rest.firstIndex(of: "]"), let host = bytes(of: String(rest[..<end])),
        rest[end...].hasPrefix("]:")
      else { continue }
      let digits = rest[end...].dropFirst(2).prefix(while: \.isNumber)
      guard let port = UInt16(digits) else { continue }
      return (host, [UInt8(port >> 8), UInt8(port & 255)])
    }
    return nil
  }

  private static func bytes(of host: String) -> [UInt8]? {
    for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
      var bytes = [UInt8](repeating: 0, count: count)
      if inet_pton(family, host, &bytes) == 1 { return bytes }
    }
    return nil
  }

  private static func position(of part: [UInt8], in bytes: [UInt8]) -> Int? {
    guard bytes.count >= part.count else { return nil }
    return (0...bytes.count - part.count).first { bytes[$0...].starts(with: part) }
  }
}
