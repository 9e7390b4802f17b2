import Testing
import Worker

/// The environment that a worker reads, and the errors for invalid values.
struct LaunchEnvironmentTests {
  private static let torchrun = [
    "RANK": "5", "WORLD_SIZE": "8", "LOCAL_RANK": "1", "LOCAL_WORLD_SIZE": "4", "GROUP_RANK": "1",
    "GROUP_WORLD_SIZE": "2", "ROLE_RANK": "5", "ROLE_NAME": "default", "ROLE_WORLD_SIZE": "8",
    "MASTER_ADDR": "node0", "MASTER_PORT": "29500", "TORCHELASTIC_RESTART_COUNT": "2",
    "TORCHELASTIC_MAX_RESTARTS": "3", "TORCHELASTIC_RUN_ID": "job7",
    "TORCHELASTIC_USE_AGENT_STORE": "True", "TORCHELASTIC_ERROR_FILE": "/tmp/error.json",
  ]

  @Test func torchrunsVariablesAreRead() throws {
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
  func timeoutsAreRaisedWhileARankIsDebugged(rank: String?, seconds: Int) throws {
    var variables = Self.torchrun
    variables["LOCKSTEP_DEBUG_RANK"] = rank
    let environment = try LaunchEnvironment(variables)
    #expect(environment.debugRank == rank.flatMap { Int($0) })
    #expect(environment.peerTimeout(.seconds(30)) == .seconds(seconds))
    #expect(environment.peerTimeout(.seconds(999_999)) == .seconds(999_999))
  }

  @Test func fourVariablesSuffice() throws {
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
  func anInvalidValueIsReported(_ name: String, _ value: String) {
    var variables = Self.torchrun
    variables[name] = value
    let read = { _ = try LaunchEnvironment(variables) }
    #expect(workerError(read)?.code == .invalidEnvironment)
    // A world size that is too small is reported as a rank that is too large.
    let culprit = name == "WORLD_SIZE" && value == "5" ? "RANK is \"5\"" : "\(name) is \"\(value)\""
    #expect(workerError(read)?.message.contains(culprit) == true)
  }

  @Test(arguments: ["RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"], ["", nil])
  func aMissingVariableIsReported(_ name: String, _ value: String?) {
    var variables = Self.torchrun
    variables[name] = value
    let error = workerError { _ = try LaunchEnvironment(variables) }
    #expect(error?.message.contains("\(name) is not set") == true)
  }
}

private func workerError(_ body: () throws -> Void) -> WorkerError? {
  do {
    try body()
    return nil
  } catch {
    return error as? WorkerError
  }
}
