internal import Worker

/// The environment variables of a worker: torchrun's names for its ranks, world size and store.
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

  /// Returns the variables that are added to the launcher's environment or replaced there.
  ///
  /// - Parameter inherited: The launcher's environment. It takes precedence over variables that are
  ///   only defaults, such as `OMP_NUM_THREADS`.
  /// - Returns: The values by name.
  package func variables(inherited: [String: String]) -> [String: String] {
    var variables: [WorkerVariable: String] = [
      .rank: String(assignment.firstRank + localRank),
      .localRank: String(localRank),
      .roleRank: String(assignment.firstRoleRank + localRank),
      .groupRank: String(assignment.groupRank),
      .worldSize: String(assignment.worldSize),
      .localWorldSize: String(configuration.workerCount),
      .roleWorldSize: String(assignment.roleWorldSize),
      .groupWorldSize: String(assignment.groupWorldSize),
      .roleName: configuration.role,
      .masterAddress: assignment.master.host,
      .masterPort: String(assignment.master.port),
      .restartCount: String(assignment.restarts),
      .maxRestarts: String(configuration.maxRestarts),
      .runID: configuration.rendezvous.id,
      .usesAgentStore: "True",
      .errorFile: errorFile,
      .signalsToHandle: configuration.signals.map(\.description).joined(separator: ","),
    ]
    // An inherited value belongs to another job, so it is replaced, by "" if this job has none.
    variables[.debugRank] =
      configuration.debugRank.map(String.init)
      ?? inherited[WorkerVariable.debugRank.rawValue].map { _ in "" }
    var defaults: [WorkerVariable: String] = [.asyncErrorHandling: "1"]
    // Print only the backtrace of the crashed thread, not the registers, images and other threads.
    defaults[.backtrace] = "threads=crashed,registers=none,images=none"
    // Without it, Gloo advertises the address of the host name, which may be unreachable.
    defaults[.networkInterface] = networkInterface
    defaults[.threads] = configuration.threadsPerWorker.map(String.init)
    if configuration.isLocalRankVirtual {
      variables[.localRank] = "0"
      variables[.visibleDevices] = DeviceCount.visibleDevice(
        localRank: localRank, visibleDevices: inherited[WorkerVariable.visibleDevices.rawValue])
    }
    for (variable, value) in defaults where inherited[variable.rawValue] == nil {
      variables[variable] = value
    }
    let named = variables.map { ($0.key.rawValue, $0.value) }
    return Dictionary(uniqueKeysWithValues: named).merging(configuration.variables) { $1 }
  }
}
