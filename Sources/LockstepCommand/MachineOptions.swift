import ArgumentParser

/// The options that assign GPUs and processors to workers.
struct MachineOptions: ParsableArguments {
  @Flag(
    name: .bothSpellings("virtual-local-rank"),
    help: """
      Show each worker only its own GPU, through CUDA_VISIBLE_DEVICES, and set LOCAL_RANK to 0.
      """)
  var isLocalRankVirtual = false

  @Option(
    name: .bothSpellings("numa-binding"),
    help: ArgumentHelp(
      "Bind each worker to the processors near its GPU or, without GPUs, to its share of the "
        + "machine: node, socket, exclusive (cores that no other worker uses) or core-complex (one "
        + "last-level cache). No environment variable sets this option. (default: no binding)",
      valueName: "kind"))
  var numaBinding: String?
}

/// torchrun options that have no effect here, accepted so that its command lines work unchanged.
struct CompatibilityOptions: ParsableArguments {
  @Option(
    name: .bothSpellings("monitor-interval"),
    help: ArgumentHelp(
      "No effect: lockstep detects at once that a worker has exited.", valueName: "seconds"))
  var monitorInterval: String?

  @Option(
    name: .bothSpellings("start-method"),
    help: ArgumentHelp(
      "No effect, as in torchrun with a program or script: spawn, fork or forkserver.",
      valueName: "method"))
  var startMethod: String?

  @Flag(
    name: .bothSpellings("use-env"),
    help: "No effect: workers always receive their local rank in LOCAL_RANK.")
  var useEnvironment = false
}
