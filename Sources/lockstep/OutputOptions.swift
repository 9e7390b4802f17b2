import ArgumentParser

/// The options that say where the workers' output goes.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .both("log-dir"),
    help: ArgumentHelp(
      "Where to create a folder with the job's logs and error files. (default: none is kept)",
      valueName: "folder"))
  var logFolder: String?

  @Option(
    name: [.customShort("r", allowingJoined: true), .customLong("redirects")],
    help: ArgumentHelp(
      "Write output to log files instead of the console: 1 stdout, 2 stderr, 3 both, or for each "
        + "local rank as in 0:1,1:3. (default: 0)", valueName: "streams"))
  var redirects: String?

  @Option(
    name: [.customShort("t", allowingJoined: true), .customLong("tee")],
    help: ArgumentHelp(
      "Write output to log files and to the console; as --redirects. (default: 0)",
      valueName: "streams"))
  var tee: String?
}
