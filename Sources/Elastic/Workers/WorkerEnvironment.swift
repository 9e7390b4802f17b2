/// The variables through which a worker learns its place in the job: torchrun's, name by name.
package struct WorkerEnvironment: Sendable {
  private let configuration: LaunchConfiguration
  private let localRank: Int
  private let attempt: Int
  private let masterPort: Int
  private let errorFile: String

  package init(
    _ configuration: LaunchConfiguration, localRank: Int, attempt: Int, masterPort: Int,
    errorFile: String
  ) {
    self.configuration = configuration
    self.localRank = localRank
    self.attempt = attempt
    self.masterPort = masterPort
    self.errorFile = errorFile
  }

  /// What is set for the worker on top of, or in place of, what the launcher inherited.
  ///
  /// With one node, ranks are the same in the job, on the node and within the role. What is only a
  /// default is left out where the launcher's own environment, `inherited`, has it.
  package func variables(inherited: [String: String]) -> [String: String] {
    let rank = String(localRank)
    let worldSize = String(configuration.workerCount)
    var variables = [
      "RANK": rank,
      "LOCAL_RANK": rank,
      "ROLE_RANK": rank,
      "GROUP_RANK": "0",
      "WORLD_SIZE": worldSize,
      "LOCAL_WORLD_SIZE": worldSize,
      "ROLE_WORLD_SIZE": worldSize,
      "GROUP_WORLD_SIZE": "1",
      "ROLE_NAME": configuration.role,
      "MASTER_ADDR": configuration.masterAddress,
      "MASTER_PORT": String(masterPort),
      "TORCHELASTIC_RESTART_COUNT": String(attempt),
      "TORCHELASTIC_MAX_RESTARTS": String(configuration.maxRestarts),
      "TORCHELASTIC_RUN_ID": configuration.rendezvous.id,
      "TORCHELASTIC_USE_AGENT_STORE": "True",
      "TORCHELASTIC_ERROR_FILE": errorFile,
      "TORCHELASTIC_SIGNALS_TO_HANDLE":
        configuration.signals.map(\.description).joined(separator: ","),
    ]
    variables["LOCKSTEP_DEBUG_RANK"] =
      configuration.debugRank.map(String.init) ?? inherited["LOCKSTEP_DEBUG_RANK"].map { _ in "" }
    var defaults = ["TORCH_NCCL_ASYNC_ERROR_HANDLING": "1"]
    defaults["OMP_NUM_THREADS"] = configuration.threadsPerWorker.map(String.init)
    for (name, value) in defaults where inherited[name] == nil { variables[name] = value }
    return variables.merging(configuration.variables) { $1 }
  }
}
