import ArgumentParser

/// The options that say which part of the machine each worker gets.
struct MachineOptions: ParsableArguments {
  @Flag(
    name: .both("virtual-local-rank"),
    help: """
      Let each worker see only its own GPU, by CUDA_VISIBLE_DEVICES, and itself as local rank 0.
      """)
  var isLocalRankVirtual = false

  @Option(
    name: .both("numa-binding"),
    help: ArgumentHelp(
      "Bind each worker to the processors near its GPU, or without GPUs to its part of the machine: node, "
        + "socket, exclusive (cores of its own) or core-complex (one last-level cache). It has no "
        + "variable. (default: the kernel decides)", valueName: "kind"))
  var numaBinding: String?
}

/// Options of torchrun that change nothing here, so that its command lines work as they are.
struct CompatibilityOptions: ParsableArguments {
  @Option(
    name: .both("monitor-interval"),
    help: ArgumentHelp(
      "Changes nothing: the end of a worker is noticed at once.", valueName: "seconds"))
  var monitorInterval: String?

  @Option(
    name: .both("start-method"),
    help: ArgumentHelp(
      "Changes nothing, as in torchrun for programs and scripts: spawn, fork or forkserver.",
      valueName: "method"))
  var startMethod: String?

  @Flag(
    name: .both("use-env"),
    help: "Changes nothing: workers always find their rank in LOCAL_RANK.")
  var useEnvironment = false
}
