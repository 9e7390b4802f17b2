import Collectives
import Testing
import Worker

/// The store that workers open from their environment.
struct LaunchStoreTests {
  @Test func everyRankIsAClientOfTheLaunchersStore() throws {
    let server = try TCPStoreServer.start(host: "127.0.0.1")
    let port = server.port
    let values = try onThreads(3) { rank in
      let store = try environment(rank, of: 3, port, usesAgentStore: true).makeStore()
      try store.set("rank\(rank)", "\(rank)")
      return try (0..<3).map { try store.getString("rank\($0)") }
    }
    #expect(values.allSatisfy { $0 == ["0", "1", "2"] })
  }

  @Test func rankZeroRunsTheStoreOtherwise() throws {
    let probe = try TCPStoreServer.start(host: "127.0.0.1")
    probe.close()
    let port = probe.port
    let sums = try onThreads(3) { rank in
      let store = try environment(rank, of: 3, port, usesAgentStore: false).makeStore()
      let sum = try store.add("n", 1)
      // Rank 0 retains the server until all ranks are done.
      try store.set("done\(rank)", "")
      try store.wait(["done0", "done1", "done2"])
      if rank == 0 { try store.wait(["left1", "left2"]) } else { try store.set("left\(rank)", "") }
      return sum
    }
    #expect(Set(sums) == [1, 2, 3])
  }

  @Test func anErrorNamesItsRank() throws {
    let probe = try TCPStoreServer.start(host: "127.0.0.1")
    probe.close()
    let environment = try environment(1, of: 2, probe.port, usesAgentStore: true)
    let error = #expect(throws: StoreError.self) {
      try environment.makeStore(timeout: .milliseconds(50))
    }
    #expect(error?.rank == 1 && error?.code == .connectionRefused)
    #expect(error.map { "\($0)".hasPrefix("[rank 1] ") } == true)
  }
}

private func environment(
  _ rank: Int, of worldSize: Int, _ port: Int, usesAgentStore: Bool
) throws -> LaunchEnvironment {
  try LaunchEnvironment([
    "RANK": "\(rank)", "WORLD_SIZE": "\(worldSize)", "MASTER_ADDR": "127.0.0.1",
    "MASTER_PORT": "\(port)", "TORCHELASTIC_USE_AGENT_STORE": usesAgentStore ? "True" : "False",
  ])
}
