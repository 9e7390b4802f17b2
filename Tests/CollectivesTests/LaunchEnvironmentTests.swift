import Collectives
import Testing

/// What a worker reads from its launcher, and what it says about values that make no sense.
struct LaunchEnvironmentTests {
  private static let torchrun = [
    "RANK": "5", "WORLD_SIZE": "8", "LOCAL_RANK": "1", "LOCAL_WORLD_SIZE": "4", "GROUP_RANK": "1",
    "GROUP_WORLD_SIZE": "2", "ROLE_RANK": "5", "ROLE_NAME": "default", "ROLE_WORLD_SIZE": "8",
    "MASTER_ADDR": "node0", "MASTER_PORT": "29500", "TORCHELASTIC_RESTART_COUNT": "2",
    "TORCHELASTIC_MAX_RESTARTS": "3", "TORCHELASTIC_RUN_ID": "job7",
    "TORCHELASTIC_USE_AGENT_STORE": "True", "TORCHELASTIC_ERROR_FILE": "/tmp/error.json",
  ]

  @Test func everythingThatTorchrunSetsIsRead() throws {
    let environment = try LaunchEnvironment(Self.torchrun)
    #expect(environment.rank == 5 && environment.worldSize == 8)
    #expect(environment.localRank == 1 && environment.localWorldSize == 4)
    #expect(environment.groupRank == 1)
    #expect(environment.masterAddress == "node0" && environment.masterPort == 29500)
    #expect(environment.restartCount == 2 && environment.maxRestarts == 3)
    #expect(environment.runID == "job7" && environment.usesAgentStore)
    #expect(environment.errorFile == "/tmp/error.json")
  }

  @Test(arguments: [(nil, 30), ("", 30), ("7", 604_800)])
  func peersBearWithARankThatIsDebugged(rank: String?, seconds: Int) throws {
    var variables = Self.torchrun
    variables["LOCKSTEP_DEBUG_RANK"] = rank
    let environment = try LaunchEnvironment(variables)
    #expect(environment.debugRank == rank.flatMap { Int($0) })
    #expect(environment.patience(.seconds(30)) == .seconds(seconds))
    #expect(environment.patience(.seconds(999_999)) == .seconds(999_999))
  }

  @Test func fourVariablesAreEnough() throws {
    let environment = try LaunchEnvironment([
      "RANK": "1", "WORLD_SIZE": "2", "MASTER_ADDR": "::1", "MASTER_PORT": "29500",
    ])
    #expect(environment.localRank == 1 && environment.localWorldSize == 2)
    #expect(environment.groupRank == 0 && environment.runID == "none")
    #expect(!environment.usesAgentStore && environment.errorFile == nil)
  }

  @Test(arguments: [
    ("RANK", "8"), ("RANK", "-1"), ("RANK", "one"), ("WORLD_SIZE", "0"), ("WORLD_SIZE", "5"),
    ("LOCAL_RANK", "4"), ("LOCAL_WORLD_SIZE", "9"), ("MASTER_PORT", "0"), ("MASTER_PORT", "65536"),
    ("TORCHELASTIC_RESTART_COUNT", "-1"), ("TORCHELASTIC_USE_AGENT_STORE", "1"),
    ("LOCKSTEP_DEBUG_RANK", "8"),
  ])
  func aValueThatMakesNoSenseIsNamed(_ name: String, _ value: String) {
    var variables = Self.torchrun
    variables[name] = value
    let read = { _ = try LaunchEnvironment(variables) }
    #expect(codeOfError(read) == .invalidEnvironment)
    // A world that is too small shows as a rank that is too large.
    let culprit = name == "WORLD_SIZE" && value == "5" ? "RANK is \"5\"" : "\(name) is \"\(value)\""
    #expect(messageOfError(read).contains(culprit))
  }

  @Test(arguments: ["RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"], ["", nil])
  func aVariableThatIsMissingIsNamed(_ name: String, _ value: String?) {
    var variables = Self.torchrun
    variables[name] = value
    #expect(messageOfError { _ = try LaunchEnvironment(variables) }.contains("\(name) is not set"))
  }

  @Test func withTheLaunchersStoreEveryRankIsAClient() throws {
    let server = try TCPStoreServer.start(host: "127.0.0.1")
    let port = server.port
    let values = try onThreads(3) { rank in
      let store = try environment(rank, of: 3, port, usesAgentStore: true).makeStore()
      try store.set("rank\(rank)", "\(rank)")
      return try (0..<3).map { try store.getString("rank\($0)") }
    }
    #expect(values.allSatisfy { $0 == ["0", "1", "2"] })
  }

  @Test func withoutItRankZeroRunsTheStore() throws {
    let probe = try TCPStoreServer.start(host: "127.0.0.1")
    probe.close()
    let port = probe.port
    let sums = try onThreads(3) { rank in
      let store = try environment(rank, of: 3, port, usesAgentStore: false).makeStore()
      let sum = try store.add("n", 1)
      // Rank 0 keeps the server until all are done.
      try store.set("done\(rank)", "")
      try store.wait(["done0", "done1", "done2"])
      if rank == 0 { try store.wait(["left1", "left2"]) } else { try store.set("left\(rank)", "") }
      return sum
    }
    #expect(Set(sums) == [1, 2, 3])
  }

  @Test func anErrorNamesTheRankThatHadIt() throws {
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
