import ArgumentParser

/// The options that say what runs.
///
/// They are optional so that an environment variable can stand in for one that is not given.
struct JobOptions: ParsableArguments {
  @Option(
    name: .both("nproc-per-node"),
    help: ArgumentHelp(
      "The number of workers on each node: a number, cpu, gpu, or auto: GPUs if there are any, else "
        + "processors. (default: 1)", valueName: "n"))
  var workerCount: String?

  @Option(
    name: .both("max-restarts"),
    help: ArgumentHelp(
      "How often to restart all workers when one fails. (default: 0)", valueName: "n"))
  var maxRestarts: String?

  @Option(
    name: .both("shutdown-timeout"),
    help: ArgumentHelp(
      "How long workers may take to end after SIGTERM, before SIGKILL. (default: 30)",
      valueName: "seconds"))
  var shutdownTimeout: String?

  @Option(
    name: .both("signals-to-handle"),
    help: ArgumentHelp(
      "The signals to pass on to the workers. All but SIGUSR1 and SIGUSR2 end the job; another "
        + "Ctrl-C then ends it at once. (default: SIGTERM,SIGINT,SIGHUP,SIGQUIT,SIGUSR1)",
      valueName: "names"))
  var signals: String?

  @Option(
    name: .both("debug-rank"),
    help: ArgumentHelp(
      "Let this rank wait for a debugger, and print how to attach one; the time limits of the "
        + "workers' groups are suspended. (default: none)", valueName: "rank"))
  var debugRank: String?

  @Option(help: "The workers' role: ROLE_NAME in their environment. (default: default)")
  var role: String?

  @Flag(
    name: .both("no-python"),
    help: "Execute the program itself, even if its name ends in .py.")
  var noPython = false

  @Flag(
    name: .both("run-path"),
    help: "The program is a Python script, even if its name does not end in .py.")
  var runPath = false

  @Flag(
    name: [.customShort("m"), .customLong("module")],
    help: "The program is the name of a Python module, as after python -m.")
  var module = false
}
