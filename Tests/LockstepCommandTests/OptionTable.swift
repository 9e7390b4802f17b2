import ArgumentParser
import Elastic
import LockstepCommand

/// An option of torchrun: its spellings, and its effect on the launch configuration.
struct OptionRow: Sendable, CustomStringConvertible {
  /// The long name, with hyphens.
  var flag: String
  /// The short name, if there is one.
  var short: String?
  /// A sample value; `nil` for a flag.
  var sample: String?
  /// The option's environment variable; `nil` if it has none.
  var variable: String?
  /// The options that this option needs to have an effect.
  var with: [String] = []
  /// The expected result of `effect` without and with the option.
  var expected: (without: String, with: String)
  /// Returns the part of the configuration that the option affects.
  var effect: @Sendable (LaunchConfiguration) -> String

  init<Value>(
    _ flag: String, short: String? = nil, _ sample: String?, variable: String?, with: [String] = [],
    default without: Value, becomes: Value,
    _ effect: @escaping @Sendable (LaunchConfiguration) -> Value
  ) {
    self.flag = flag
    self.short = short
    self.sample = sample
    self.variable = variable
    self.with = with
    expected = (String(describing: without), String(describing: becomes))
    self.effect = { String(describing: effect($0)) }
  }

  var description: String { flag }

  /// Every way in which the option can be written on the command line.
  var spellings: [[String]] {
    let names = Set([flag, "--" + flag.dropFirst(2).replacing("-", with: "_")]).sorted()
    guard let sample else { return names.map { [$0] } + (short.map { [[$0]] } ?? []) }
    return names.flatMap { [[$0, sample], ["\($0)=\(sample)"]] }
      + (short.map { [[$0, sample], ["\($0)\(sample)"]] } ?? [])
  }

  /// Parses a command line with the real command and returns its launch configuration.
  static func launch(
    _ arguments: [String], _ variables: [String: String] = [:], program: String = "true"
  ) throws -> LaunchConfiguration {
    let run = try Run.parse(OptionPrefixes.completed(arguments + [program]))
    let environment = ["PATH": "/usr/bin:/bin", "PYTHON_EXEC": "/bin/sh"]
    return try run.launchConfiguration(environment: environment.merging(variables) { $1 })
      .configuration
  }
}

/// torchrun's options, from `run.py` in version 2.13.
let torchrunOptions: [OptionRow] = [
  OptionRow(
    "--nnodes", "2:4", variable: "PET_NNODES",
    with: ["--rdzv-backend=c10d", "--rdzv-endpoint=node0"], default: 1...1, becomes: 2...4
  ) { $0.rendezvous.minNodes...$0.rendezvous.maxNodes },
  OptionRow("--nproc-per-node", "3", variable: "PET_NPROC_PER_NODE", default: 1, becomes: 3) {
    $0.workerCount
  },
  OptionRow(
    "--rdzv-backend", "c10d", variable: "PET_RDZV_BACKEND", default: .static, becomes: .c10d
  ) { $0.rendezvous.backend },
  OptionRow(
    "--rdzv-endpoint", "node0:1234", variable: "PET_RDZV_ENDPOINT", with: ["--nnodes=2"],
    default: Endpoint(host: "127.0.0.1", port: 29500),
    becomes: Endpoint(host: "node0", port: 1234)
  ) { $0.rendezvous.endpoint },
  OptionRow(
    "--rdzv-id", "job7", variable: "PET_RDZV_ID", with: ["--master-port=0"], default: "none",
    becomes: "job7"
  ) { $0.rendezvous.id },
  OptionRow(
    "--rdzv-conf", "join_timeout=7,last_call_timeout=2", variable: "PET_RDZV_CONF",
    default: [.seconds(600), .seconds(30)], becomes: [Duration.seconds(7), .seconds(2)]
  ) { [$0.rendezvous.settings.joinTimeout, $0.rendezvous.settings.lastCallTimeout] },
  OptionRow(
    "--standalone", nil, variable: "PET_STANDALONE", with: ["--rdzv-endpoint=node0"],
    default: "static 1 node0:29500", becomes: "c10d 1 none"
  ) {
    let endpoint = $0.rendezvous.endpoint.map(\.description) ?? "none"
    return "\($0.rendezvous.backend) \($0.rendezvous.maxNodes) \(endpoint)"
  },
  OptionRow("--max-restarts", "5", variable: "PET_MAX_RESTARTS", default: 0, becomes: 5) {
    $0.maxRestarts
  },
  OptionRow(
    "--monitor-interval", "0.5", variable: "PET_MONITOR_INTERVAL", default: 1, becomes: 1
  ) { $0.workerCount },
  OptionRow(
    "--start-method", "forkserver", variable: "PET_START_METHOD", default: 1, becomes: 1
  ) { $0.workerCount },
  OptionRow(
    "--event-log-handler", "console", variable: "PET_EVENT_LOG_HANDLER", default: nil,
    becomes: EventLog.console
  ) { $0.eventLog },
  OptionRow("--role", "trainer", variable: "PET_ROLE", default: "default", becomes: "trainer") {
    $0.role
  },
  OptionRow(
    "--module", short: "-m", nil, variable: "PET_MODULE", default: [],
    becomes: ["-u", "-m", "true"]
  ) { $0.program.arguments },
  OptionRow("--no-python", nil, variable: "PET_NO_PYTHON", default: "true", becomes: "true") {
    $0.program.name
  },
  OptionRow(
    "--log-dir", "/tmp/logs", variable: "PET_LOG_DIR", default: nil, becomes: "/tmp/logs"
  ) { $0.logFolder },
  OptionRow(
    "--redirects", short: "-r", "0:1,12:3", variable: "PET_REDIRECTS",
    with: ["--nproc-per-node=13"], default: [0, 0, 0], becomes: [1, 0, 3]
  ) { configuration in
    [0, 1, 12].map { configuration.redirects.streams(localRank: $0).rawValue }
  },
  OptionRow(
    "--tee", short: "-t", "3", variable: "PET_TEE", with: ["--nproc-per-node=2"], default: [0, 0],
    becomes: [3, 3]
  ) { configuration in [0, 1].map { configuration.tee.streams(localRank: $0).rawValue } },
  OptionRow(
    "--local-ranks-filter", "0,2", variable: "PET_LOCAL_RANKS_FILTER",
    with: ["--nproc-per-node=3"], default: nil, becomes: [0, 2]
  ) { $0.shownLocalRanks?.sorted() },
  OptionRow(
    "--duplicate-stdout-filters", "loss,a,,b", variable: "PET_DUPLICATE_STDOUT_FILTERS",
    default: [], becomes: ["loss", "a,b"]
  ) { $0.outputFilters },
  OptionRow(
    "--duplicate-stderr-filters", "error", variable: "PET_DUPLICATE_STDERR_FILTERS", default: [],
    becomes: ["error"]
  ) { $0.errorFilters },
  OptionRow(
    "--node-rank", "1", variable: "PET_NODE_RANK", with: ["--nnodes=2"], default: 0, becomes: 1
  ) { $0.rendezvous.nodeRank },
  OptionRow(
    "--master-addr", "[fd00::1]", variable: "PET_MASTER_ADDR", with: ["--nnodes=2"],
    default: "127.0.0.1 127.0.0.1:29500", becomes: "fd00::1 [fd00::1]:29500"
  ) { "\($0.masterAddress) \($0.rendezvous.endpoint.map(\.description) ?? "")" },
  OptionRow(
    "--master-port", "1234", variable: "PET_MASTER_PORT", with: ["--nnodes=2"], default: 29500,
    becomes: 1234
  ) { $0.rendezvous.endpoint?.port },
  OptionRow(
    "--local-addr", "10.0.0.9", variable: "PET_LOCAL_ADDR", default: nil, becomes: "10.0.0.9"
  ) { $0.rendezvous.localAddress },
  OptionRow(
    "--numa-binding", "core-complex", variable: nil, default: nil,
    becomes: NUMABinding.coreComplex
  ) { $0.numaBinding },
  OptionRow(
    "--signals-to-handle", "SIGTERM,SIGUSR2", variable: "PET_SIGNALS_TO_HANDLE",
    default: "SIGTERM SIGINT SIGHUP SIGQUIT SIGUSR1", becomes: "SIGTERM SIGUSR2"
  ) { $0.signals.map(\.description).joined(separator: " ") },
  OptionRow(
    "--shutdown-timeout", "2.5", variable: "PET_SHUTDOWN_TIMEOUT", default: .seconds(30),
    becomes: Duration.seconds(2.5)
  ) { $0.shutdownTimeout },
  OptionRow(
    "--virtual-local-rank", nil, variable: "PET_VIRTUAL_LOCAL_RANK", default: false, becomes: true
  ) { $0.isLocalRankVirtual },
  OptionRow("--use-env", nil, variable: nil, default: 1, becomes: 1) { $0.workerCount },
]
