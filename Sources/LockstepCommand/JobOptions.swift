import ArgumentParser

/// The options that define what runs.
///
/// They are optional so that an environment variable can supply one that is not given.
struct JobOptions: ParsableArguments {
  @Option(
    name: .bothSpellings("nproc-per-node"),
    help: ArgumentHelp(
      "Number of workers per node: a number, cpu, gpu, or auto (one per GPU, or one per processor "
        + "on a machine without GPUs). (default: 1)", valueName: "n"))
  var workerCount: String?

  @Option(
    name: .bothSpellings("max-restarts"),
    help: ArgumentHelp(
      "Maximum number of times to restart all workers after a worker fails. (default: 0)",
      valueName: "n"))
  var maxRestarts: String?

  @Option(
    name: .bothSpellings("shutdown-timeout"),
    help: ArgumentHelp(
      "Seconds to wait for workers to exit after SIGTERM before sending SIGKILL. (default: 30)",
      valueName: "seconds"))
  var shutdownTimeout: String?

  @Option(
    name: .bothSpellings("signals-to-handle"),
    help: ArgumentHelp(
      "Comma-separated signals to forward to the workers. SIGUSR1 and SIGUSR2 are only forwarded; "
        + "the others also stop the job. Ctrl-C during the shutdown kills the workers at once. "
        + "(default: SIGTERM,SIGINT,SIGHUP,SIGQUIT,SIGUSR1)",
      valueName: "names"))
  var signals: String?

  @Option(
    name: .bothSpellings("debug-rank"),
    help: ArgumentHelp(
      "Make this rank wait for a debugger, and print the commands that attach one. Suspends the "
        + "timeouts of the workers' process groups. (default: none)", valueName: "rank"))
  var debugRank: String?

  @Option(help: "Role of the workers, passed to them as ROLE_NAME. (default: default)")
  var role: String?

  @Flag(
    name: .bothSpellings("no-python"),
    help: "Execute the program directly, even if its name ends in .py.")
  var noPython = false

  @Flag(
    name: .bothSpellings("run-path"),
    help: "Run the program as a Python script, even if its name does not end in .py.")
  var runPath = false

  @Flag(
    name: [.customShort("m"), .customLong("module")],
    help: "Run the program as a Python module, like python -m.")
  var module = false
}
