import ArgumentParser

/// The options for the workers' output and for monitoring the job.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .bothSpellings("log-dir"),
    help: ArgumentHelp(
      "Base folder for logs and error files; each run creates a folder in it. (default: none; with "
        + "--redirects, --tee or filters, the system's temporary folder)",
      valueName: "folder"))
  var logFolder: String?

  @Option(
    name: [.customShort("r", allowingJoined: true), .customLong("redirects")],
    help: ArgumentHelp(
      "Write output to log files instead of the console: 0 for none, 1 for stdout, 2 for stderr, "
        + "3 for both, or one of these per local rank, such as 0:1,12:3. (default: 0)",
      valueName: "streams"))
  var redirects: String?

  @Option(
    name: [.customShort("t", allowingJoined: true), .customLong("tee")],
    help: ArgumentHelp(
      "Write output to log files and to the console, with the same values as --redirects. "
        + "(default: 0)",
      valueName: "streams"))
  var tee: String?

  @Option(
    name: .bothSpellings("local-ranks-filter"),
    help: ArgumentHelp(
      "Show only the output of these local ranks on the console, such as 0,3. (default: all)",
      valueName: "ranks"))
  var shownLocalRanks: String?

  @Option(
    name: .bothSpellings("duplicate-stdout-filters"),
    help: ArgumentHelp(
      "Copy the lines of stdout that --tee selects and that contain one of these comma-separated "
        + "texts to filtered_stdout.log. Write ,, for a comma within a text. (default: none)",
      valueName: "texts"))
  var outputFilters: String?

  @Option(
    name: .bothSpellings("duplicate-stderr-filters"),
    help: ArgumentHelp(
      "Like --duplicate-stdout-filters, for stderr and filtered_stderr.log. (default: none)",
      valueName: "texts"))
  var errorFilters: String?

  @Option(
    name: .bothSpellings("event-log-handler"),
    help: ArgumentHelp(
      "Where to write events, such as the start and exit of each worker: null, console, or a file "
        + "such as events.jsonl, which receives one JSON object per line. (default: null)",
      valueName: "handler"))
  var eventLog: String?

  @Option(
    name: .bothSpellings("status-port"),
    help: ArgumentHelp(
      "Serve the job's status over HTTP on this port: /healthz, /status (JSON) and /metrics "
        + "(Prometheus). 0 selects a free port. (default: none)", valueName: "port"))
  var statusPort: String?

  @Option(
    name: .bothSpellings("logs-specs"),
    help: ArgumentHelp(
      "Not supported, because it names a Python class. Use the options above instead.",
      valueName: "name"))
  var logsSpecs: String?
}
