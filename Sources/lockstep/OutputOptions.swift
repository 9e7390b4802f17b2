import ArgumentParser

/// The options that say where the workers' output goes, and what is told about the job.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .both("log-dir"),
    help: ArgumentHelp(
      "Where to create a folder with the job's logs and error files. (default: none is kept; with "
        + "--redirects, --tee or filters the system's folder for temporary files)",
      valueName: "folder"))
  var logFolder: String?

  @Option(
    name: [.customShort("r", allowingJoined: true), .customLong("redirects")],
    help: ArgumentHelp(
      "Write output to log files instead of the console: 1 stdout, 2 stderr, 3 both, or for each "
        + "local rank as in 0:1,12:3. (default: 0)", valueName: "streams"))
  var redirects: String?

  @Option(
    name: [.customShort("t", allowingJoined: true), .customLong("tee")],
    help: ArgumentHelp(
      "Write output to log files and to the console; as --redirects. (default: 0)",
      valueName: "streams"))
  var tee: String?

  @Option(
    name: .both("local-ranks-filter"),
    help: ArgumentHelp(
      "Show only the output of these local ranks on the console, as in 0,3. (default: all)",
      valueName: "ranks"))
  var shownLocalRanks: String?

  @Option(
    name: .both("duplicate-stdout-filters"),
    help: ArgumentHelp(
      "Copy each line of stdout that contains one of these texts to filtered_stdout.log: TEXT,TEXT; "
        + "a comma within a text is written twice. (default: none)", valueName: "texts"))
  var outputFilters: String?

  @Option(
    name: .both("duplicate-stderr-filters"),
    help: ArgumentHelp(
      "The same for stderr and filtered_stderr.log. (default: none)", valueName: "texts"))
  var errorFilters: String?

  @Option(
    name: .both("event-log-handler"),
    help: ArgumentHelp(
      "Where events go, such as the start and end of each worker: null, console, or a file such as "
        + "events.jsonl, which gets a line of JSON for each. (default: null)",
      valueName: "handler"))
  var eventLog: String?

  @Option(
    name: .both("status-port"),
    help: ArgumentHelp(
      "Tell the job's state over HTTP at this port: /healthz, /status (JSON) and /metrics "
        + "(Prometheus); 0 takes a free one. (default: none)", valueName: "port"))
  var statusPort: String?

  @Option(
    name: .both("logs-specs"),
    help: ArgumentHelp(
      "Not available: it names a Python class. The options above say where logs go.",
      valueName: "name"))
  var logsSpecs: String?
}
