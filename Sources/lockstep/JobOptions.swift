import ArgumentParser

/// The options that say what runs.
///
/// They are optional so that an environment variable can stand in for one that is not given.
struct JobOptions: ParsableArguments {
  @Flag(help: "Run on this machine alone. So far this is always the case.")
  var standalone = false

  @Option(help: "The number of machines. So far only 1.")
  var nnodes: String?

  @Option(
    name: [.customLong("nproc-per-node"), .customLong("nproc_per_node")],
    help: ArgumentHelp(
      "The number of workers: a number, cpu, gpu, or auto: GPUs if there are any, else "
        + "processors. (default: 1)", valueName: "n"))
  var workerCount: String?

  @Option(
    name: [.customLong("max-restarts"), .customLong("max_restarts")],
    help: ArgumentHelp(
      "How often to restart all workers when one fails. (default: 0)", valueName: "n"))
  var maxRestarts: String?

  @Option(
    name: [.customLong("shutdown-timeout"), .customLong("shutdown_timeout")],
    help: ArgumentHelp(
      "How long workers may take to end after SIGTERM, before SIGKILL. (default: 30)",
      valueName: "seconds"))
  var shutdownTimeout: String?

  @Option(
    name: [.customLong("signals-to-handle"), .customLong("signals_to_handle")],
    help: ArgumentHelp(
      "The signals to pass on to the workers. All but SIGUSR1 and SIGUSR2 end the job; another "
        + "Ctrl-C then ends it at once. (default: SIGTERM,SIGINT,SIGHUP,SIGQUIT,SIGUSR1)",
      valueName: "names"))
  var signals: String?

  @Option(
    name: [.customLong("debug-rank"), .customLong("debug_rank")],
    help: ArgumentHelp(
      "Let this rank wait for a debugger, and print how to attach one; the time limits of the "
        + "workers' groups are suspended. (default: none)", valueName: "rank"))
  var debugRank: String?

  @Option(help: "The workers' role: ROLE_NAME in their environment. (default: default)")
  var role: String?

  @Option(
    name: [.customLong("rdzv-id"), .customLong("rdzv_id")],
    help: ArgumentHelp(
      "The job's name: TORCHELASTIC_RUN_ID in the workers' environment. (default: random)",
      valueName: "id"))
  var runID: String?

  @Option(
    name: [.customLong("master-addr"), .customLong("master_addr")],
    help: ArgumentHelp(
      "The address of the store through which workers meet. (default: 127.0.0.1)",
      valueName: "address"))
  var masterAddress: String?

  @Option(
    name: [.customLong("master-port"), .customLong("master_port")],
    help: ArgumentHelp(
      "The port of that store. (default: a free one, anew for each restart)", valueName: "port"))
  var masterPort: String?

  @Flag(
    name: [.customLong("no-python"), .customLong("no_python")],
    help: "Execute the program itself, even if its name ends in .py.")
  var noPython = false

  @Flag(
    name: [.customShort("m"), .customLong("module")],
    help: "The program is the name of a Python module, as after python -m.")
  var module = false
}
