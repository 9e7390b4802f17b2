/// The variables through which a worker learns its place in the job: torchrun's, name by name.
package struct WorkerEnvironment: Sendable {
  private let configuration: LaunchConfiguration
  private let assignment: NodeAssignment
  private let localRank: Int
  private let errorFile: String
  private let networkInterface: String?

  package init(
    _ configuration: LaunchConfiguration, _ assignment: NodeAssignment, localRank: Int,
    errorFile: String, networkInterface: String? = nil
  ) {
    self.configuration = configuration
    self.assignment = assignment
    self.localRank = localRank
    self.errorFile = errorFile
    self.networkInterface = networkInterface
  }

  /// What is set for the worker on top of, or in place of, what the launcher inherited.
  ///
  /// What is only a default is left out where the launcher's own environment, `inherited`, has it.
  package func variables(inherited: [String: String]) -> [String: String] {
    var variables = [
      "RANK": String(assignment.firstRank + localRank),
      "LOCAL_RANK": String(localRank),
      "ROLE_RANK": String(assignment.firstRoleRank + localRank),
      "GROUP_RANK": String(assignment.groupRank),
      "WORLD_SIZE": String(assignment.worldSize),
      "LOCAL_WORLD_SIZE": String(configuration.workerCount),
      "ROLE_WORLD_SIZE": String(assignment.roleWorldSize),
      "GROUP_WORLD_SIZE": String(assignment.groupWorldSize),
      "ROLE_NAME": configuration.role,
      "MASTER_ADDR": assignment.master.address,
      "MASTER_PORT": String(assignment.master.port),
      "TORCHELASTIC_RESTART_COUNT": String(assignment.restarts),
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
    // Of a crash, its place and how it was reached; without it a page of registers and all threads.
    defaults["SWIFT_BACKTRACE"] = "threads=crashed,registers=none,images=none"
    // Without it Gloo advertises what this host's name resolves to, which may be nowhere.
    defaults["GLOO_SOCKET_IFNAME"] = networkInterface
    defaults["OMP_NUM_THREADS"] = configuration.threadsPerWorker.map(String.init)
    if configuration.isLocalRankVirtual {
      variables["LOCAL_RANK"] = "0"
      variables["CUDA_VISIBLE_DEVICES"] = DeviceCount.visibleDevice(
        localRank: localRank, visibleDevices: inherited["CUDA_VISIBLE_DEVICES"])
    }
    for (name, value) in defaults where inherited[name] == nil { variables[name] = value }
    return variables.merging(configuration.variables) { $1 }
  }
}
