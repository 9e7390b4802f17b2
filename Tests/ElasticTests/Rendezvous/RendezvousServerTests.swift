import Elastic
import Foundation
import Glibc
import ProcessHarness
import Testing

@Suite struct RendezvousServerTests {
  /// A server that hosts a new job, and its port.
  func host(_ limits: CoordinatorLimits = CoordinatorLimits()) throws -> (RendezvousServer, Int) {
    let server = RendezvousServer()
    server.host(Coordinator(limits: limits, host: "node0"))
    return (server, try server.listen(address: "127.0.0.1", port: 0))
  }

  @Test func nodesFormARoundAndALostNodeStartsANewOneAtOnce() async throws {
    try await onThread {
      let (server, port) = try host()
      defer { server.close() }
      var nodes = try (0..<4).map { try SimulatedNode("node\($0)", port: port, nodes: 2...4) }
      #expect(run(nodes) { $0.assignment?.round == 0 })
      #expect(Set(nodes.compactMap { $0.assignment?.groupRank }) == [0, 1, 2, 3])
      nodes.removeLast().session.close()
      #expect(run(nodes) { $0.assignment?.round == 1 })
      #expect(nodes.allSatisfy { $0.assignment?.groupWorldSize == 3 })
    }
  }

  @Test func aThousandNodesFormAJobLoseOneAndFinish() async throws {
    try await onThread {
      let (server, port) = try host()
      defer { server.close() }
      var nodes = try (0..<1000).map { try SimulatedNode("node\($0)", port: port, nodes: 2...1000) }
      #expect(run(nodes) { $0.assignment?.round == 0 })
      #expect(Set(nodes.compactMap { $0.assignment?.firstRank }) == Set(0..<1000))

      nodes.remove(at: 500).session.close()
      #expect(run(nodes) { $0.assignment?.round == 1 })
      #expect(nodes.allSatisfy { $0.assignment?.groupWorldSize == 999 })

      for node in nodes { node.session.send(.finished(round: 1, preempted: false)) }
      #expect(run(nodes) { $0.end == .succeeded })
    }
  }

  @Test func aNodeOfAnotherVersionReceivesBothVersions() async throws {
    try await onThread {
      let (server, port) = try host()
      defer { server.close() }
      let node = try SimulatedNode("node1", port: port, nodes: 2...2) { $0.version = "9.9.9" }
      #expect(run([node]) { $0.error != nil })
      #expect(node.error?.code == .rendezvousState)
      #expect(node.error?.message.contains("9.9.9") == true)
      #expect(node.error?.message.contains(LockstepVersion.current) == true)
    }
  }

  @Test func aNodeWithOtherMessagesReceivesBothVersionsToo() async throws {
    try await onThread {
      let (server, port) = try host()
      defer { server.close() }
      let hello = #"{"hello":{"_0":{"version":"9.9.9","novelty":1}}}"#
      var answer: [UInt8] = []
      let message = Array("LOCKSTEP-RDZV-1\n\0\0\0".utf8) + [UInt8(hello.utf8.count)]
      #expect(isDisconnected(after: message + Array(hello.utf8), port: port, answer: &answer))
      let text = String(decoding: answer, as: UTF8.self)
      #expect(text.contains("runs Lockstep \(LockstepVersion.current)"))
      #expect(text.contains("runs 9.9.9: install the same version on all nodes"))
    }
  }

  /// Port scanners leave connections open and silent, or send a part of a message.
  @Test(arguments: ["", "L", "LOCKSTEP-RDZV-1\n", "LOCKSTEP-RDZV-1\n\0\0", "\0"])
  func theEndWaitsForNodesOnly(bytes: String) async throws {
    try await onThread {
      let (server, port) = try host()
      defer { server.close() }
      let silent = (0..<50).map { _ in connection(to: port, sending: Array(bytes.utf8)) }
      defer { silent.forEach { close($0) } }
      let nodes = try (0..<2).map { try SimulatedNode("node\($0)", port: port, nodes: 2...2) }
      #expect(run(nodes) { $0.assignment != nil })
      for node in nodes { node.session.send(.finished(round: 0, preempted: false)) }
      #expect(run(nodes) { $0.end == .succeeded })
      for node in nodes { node.session.close() }
      #expect(server.drain(within: .seconds(60)))
      #expect(silent.allSatisfy(isOpen))
    }
  }

  @Test func theEndWaitsForANodeThatIsStillConnected() async throws {
    try await onThread {
      let (server, port) = try host()
      defer { server.close() }
      let nodes = try (0..<2).map { try SimulatedNode("node\($0)", port: port, nodes: 2...2) }
      #expect(run(nodes) { $0.assignment != nil })
      nodes[0].session.close()
      #expect(!server.drain(within: .milliseconds(300)))
    }
  }

  @Test func anUnreachableHostIsReportedWithTheAttempts() async throws {
    try await onThread {
      var limits = CoordinatorLimits()
      limits.join = .milliseconds(300)
      let node = try SimulatedNode("node1", port: 1, nodes: 2...2, limits: limits)
      #expect(run([node]) { $0.error != nil })
      #expect(node.error?.code == .rendezvousConnection)
      let message = node.error?.message ?? ""
      #expect(message.contains("node node1 cannot reach the rendezvous of job job at 127.0.0.1:1"))
      #expect(message.contains("Connection refused; tried"))
    }
  }

  @Test func aPortInUseIsNamed() throws {
    let (server, port) = try host()
    defer { server.close() }
    let other = RendezvousServer()
    defer { other.close() }
    #expect {
      try other.listen(address: "127.0.0.1", port: port)
    } throws: { error in
      (error as? ElasticError)?.code == .addressInUse
        && "\(error)".contains("127.0.0.1:\(port), because another process listens there")
    }
  }

  /// Bytes that are not messages of a node.
  @Test(arguments: [
    "GET / HTTP/1.1\r\n\r\n", "LOCKSTEP-RDZV-1\n\u{7f}\u{7f}\u{7f}\u{7f}",
    "LOCKSTEP-RDZV-1\n\0\0\0\u{2}{}", "LOCKSTEP-RDZV-1\n\0\0\0\u{b}{\"beat\":{}}",
    "LOCKSTEP-RDZV-1\n\0\0\0\0",
  ])
  func unknownClientsAreDisconnectedAndTheJobContinues(bytes: String) async throws {
    try await onThread {
      let (server, port) = try host()
      defer { server.close() }
      let nodes = try (0..<2).map { try SimulatedNode("node\($0)", port: port, nodes: 2...2) }
      #expect(run(nodes) { $0.assignment != nil })
      #expect(isDisconnected(after: Array(bytes.utf8), port: port))
      for node in nodes { node.session.send(.finished(round: 0, preempted: false)) }
      #expect(run(nodes) { $0.end == .succeeded })
    }
  }

  @Test func clientsThatSendRandomBytesAreDisconnected() async throws {
    try await onThread {
      let (server, port) = try host()
      defer { server.close() }
      var random = SystemRandomNumberGenerator()
      for _ in 0..<50 {
        let magic = Bool.random(using: &random) ? Array("LOCKSTEP-RDZV-1\n".utf8) : []
        let noise = (0..<Int.random(in: 64...5000, using: &random)).map { _ in
          UInt8.random(in: 1...255, using: &random)
        }
        #expect(isDisconnected(after: magic + noise, port: port))
      }
    }
  }

  /// Opens a connection to a local port and sends bytes.
  func connection(to port: Int, sending bytes: [UInt8]) -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    _ = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    return descriptor
  }

  /// Whether the peer has not closed a connection.
  func isOpen(_ descriptor: Int32) -> Bool {
    var byte: UInt8 = 0
    let count = recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT))
    return count > 0 || (count < 0 && errno == EAGAIN)
  }

  /// Whether the server closes a connection on which these bytes were sent.
  func isDisconnected(after bytes: [UInt8], port: Int) -> Bool {
    var answer: [UInt8] = []
    return isDisconnected(after: bytes, port: port, answer: &answer)
  }

  func isDisconnected(after bytes: [UInt8], port: Int, answer: inout [UInt8]) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var limit = timeval(tv_sec: 5, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { return false }
    _ = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    var chunk = [UInt8](repeating: 0, count: 1024)
    while true {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count > 0 {
        answer += chunk[..<count]
        continue
      }
      return count == 0 || errno == ECONNRESET
    }
  }
}
