import Elastic

extension Run {
  /// Applies the options that assign GPUs and processors to workers.
  func applyMachineOptions(
    to configuration: inout LaunchConfiguration, _ settings: Settings
  ) throws(ElasticError) {
    configuration.isLocalRankVirtual = try settings.flag(
      machine.isLocalRankVirtual, "virtual-local-rank")
    let count = configuration.workerCount
    let gpus = DeviceCount.gpus
    if configuration.isLocalRankVirtual, gpus > 0, count > gpus {
      throw ElasticError(
        .usage,
        "--nproc-per-node \(count) with --virtual-local-rank: each worker needs its own GPU, but "
          + "there are only \(gpus) GPUs; use at most \(gpus) workers")
    }
    guard let kind = machine.numaBinding else { return }
    guard let binding = NUMABinding(rawValue: kind) else {
      let kinds = NUMABinding.allCases.map(\.rawValue).joined(separator: ", ")
      throw ElasticError(.usage, "--numa-binding \(kind): use one of \(kinds)")
    }
    configuration.numaBinding = binding
  }

  /// Validates the options that have no effect, so that a typing error in them is still reported.
  func checkCompatibility(_ settings: Settings) throws(ElasticError) {
    _ = try settings.value(compatibility.monitorInterval, "monitor-interval")?.seconds()
    if let method = settings.value(compatibility.startMethod, "start-method"),
      !["spawn", "fork", "forkserver"].contains(method.text)
    {
      throw method.error("use spawn, fork or forkserver; the option has no effect")
    }
  }

  /// Warnings about options that have no effect or an effect that is probably not intended.
  func warnings(_ configuration: LaunchConfiguration, _ facts: OptionFacts) -> [String] {
    var warnings: [String] = []
    let count = configuration.workerCount
    let gpus = DeviceCount.gpus
    if gpus > 0, count > gpus, facts.given[.workerCount]?.text != "cpu" {
      warnings.append(
        "\(count) workers share \(gpus) GPUs: local ranks from \(gpus) up have no GPU of their own"
      )
    }
    if let value = facts.given[.settings] {
      warnings += configuration.rendezvous.warnings(
        about: value.text, includingUnused: configuration.rendezvous.hasPeers)
    }
    if facts.hasSeveralNodes, facts.backend == .static, facts.given[.endpoint] == nil,
      facts.given[.masterAddress] == nil
    {
      warnings.append(
        "the \(facts.nodes.upperBound) nodes meet at 127.0.0.1, which is another machine on each "
          + "host; for nodes on several hosts, add --rdzv-endpoint HOST:PORT or --master-addr")
    }
    return warnings
  }
}
