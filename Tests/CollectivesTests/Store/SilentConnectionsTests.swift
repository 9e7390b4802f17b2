import Collectives
import Support
import Testing

@Suite struct SilentConnectionsTests {
  @Test func theOldestLeavesFirst() {
    var connections = SilentConnections<Int>()
    for id in 1...5 { connections.add(id) }
    connections.remove(1)
    connections.remove(3)
    #expect((0..<4).map { _ in connections.removeOldest() } == [2, 4, 5, nil])
    #expect(connections.count == 0)
  }

  @Test func aConnectionCanReturn() {
    var connections = SilentConnections<Int>()
    connections.add(1)
    connections.add(1)
    connections.remove(1)
    connections.add(2)
    #expect(connections.removeOldest() == 2)
    #expect(connections.removeOldest() == nil)
  }

  /// Compared with a plain array.
  @Test(arguments: 0..<20) func anyOrderOfEventsKeepsTheOrder(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var connections = SilentConnections<Int>()
    var expected: [Int] = []
    for id in 0..<2000 {
      switch Int.random(in: 0..<4, using: &random) {
      case 0, 1:
        connections.add(id)
        expected.append(id)
      case 2:
        if let any = expected.randomElement(using: &random) {
          connections.remove(any)
          expected.removeAll { $0 == any }
        }
      default:
        #expect(connections.removeOldest() == (expected.isEmpty ? nil : expected.removeFirst()))
      }
      #expect(connections.count == expected.count)
    }
  }

  /// A server for four connections.
  private func server() throws -> TCPStoreServer {
    var limits = StoreServerLimits()
    limits.connections = 4
    return try TCPStoreServer.start(host: "127.0.0.1", limits: limits)
  }

  private func silentSocket(_ server: TCPStoreServer) throws -> ClientSocket {
    let address = try #require(try HostAddress.resolve("127.0.0.1", server.port).get().first)
    return try ClientSocket(connectedTo: address, before: Deadline(after: .seconds(30)))
  }

  private func isClosed(_ socket: ClientSocket, within limit: Duration) -> Bool {
    var answer: [UInt8] = []
    do throws(ClientSocket.Failure) {
      try socket.receive(upTo: 1, into: &answer, before: Deadline(after: limit))
      return false
    } catch {
      return error != .timedOut
    }
  }

  @Test(arguments: [4, 5, 9, 50]) func clientsGetInAmongSilentConnections(silent: Int) throws {
    let server = try server()
    let sockets = try (0..<silent).map { _ in try silentSocket(server) }
    let clients = try (0..<3).map { _ in
      try TCPStore(host: "127.0.0.1", port: server.port, timeout: .seconds(30))
    }
    for (index, client) in clients.enumerated() { try client.set("k\(index)", "v") }
    #expect(try clients[0].getString("k2") == "v")
    // Three clients and the newest silent connection remain.
    #expect(sockets.dropLast().allSatisfy { isClosed($0, within: .seconds(30)) })
    #expect(!isClosed(sockets[silent - 1], within: .milliseconds(50)))
  }

  @Test func clientsThatHaveSentARequestStay() throws {
    let server = try server()
    let clients = try (0..<4).map { _ in
      try TCPStore(host: "127.0.0.1", port: server.port, timeout: .seconds(30))
    }
    for client in clients { try client.ping() }
    for _ in 0..<20 { #expect(isClosed(try silentSocket(server), within: .seconds(30))) }
    for client in clients { try client.ping() }
  }
}
