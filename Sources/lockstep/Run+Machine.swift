import Elastic

extension Run {
  /// Decides which part of the machine each worker gets.
  func decideMachine(
    _ configuration: inout LaunchConfiguration, _ settings: Settings
  ) throws(ElasticError) {
    configuration.isLocalRankVirtual = try settings.flag(
      machine.isLocalRankVirtual, "virtual-local-rank")
    let (count, gpus) = (configuration.workerCount, DeviceCount.gpus)
    if configuration.isLocalRankVirtual, gpus > 0, count > gpus {
      throw ElasticError(
        .usage,
        "--nproc-per-node \(count) with --virtual-local-rank: there are only \(gpus) GPUs, and each "
          + "worker gets one of its own")
    }
    guard let kind = machine.numaBinding else { return }
    guard let binding = NUMABinding(rawValue: kind) else {
      let kinds = NUMABinding.allCases.map(\.rawValue).joined(separator: ", ")
      throw ElasticError(.usage, "--numa-binding \(kind): give one of \(kinds)")
    }
    configuration.numaBinding = binding
  }

  /// Checks options that change nothing: a typing error in them should not pass.
  func checkCompatibility(_ settings: Settings) throws(ElasticError) {
    _ = try settings.value(compatibility.monitorInterval, "monitor-interval")?.seconds()
    if let method = settings.value(compatibility.startMethod, "start-method"),
      !["spawn", "fork", "forkserver"].contains(method.text)
    {
      throw method.refused("give spawn, fork or forkserver; it changes nothing here")
    }
  }

  /// What is given but has no effect, or not the one that is likely meant.
  func warnings(_ configuration: LaunchConfiguration, _ settings: Settings) -> [String] {
    var warnings: [String] = []
    let (count, gpus) = (configuration.workerCount, DeviceCount.gpus)
    if gpus > 0, count > gpus, !["cpu", "auto"].contains(job.workerCount) {
      warnings.append(
        "\(count) workers share \(gpus) GPUs: local ranks from \(gpus) on have no device of their own"
      )
    }
    if configuration.rendezvous.backend != .static,
      let rank = settings.value(rendezvous.nodeRank, "node-rank")
    {
      warnings.append(
        "\(rank.origin)\(rank.text) has no effect: only a static rendezvous takes ranks as given")
    }
    if let given = settings.value(rendezvous.settings, "rdzv-conf") {
      warnings += configuration.rendezvous.warnings(about: given.text)
    }
    return warnings
  }
}
