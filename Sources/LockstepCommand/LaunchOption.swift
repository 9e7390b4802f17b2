/// The long options of `lockstep run`.
package enum LaunchOption: String, CaseIterable, Sendable {
  case workerCount = "nproc-per-node"
  case maxRestarts = "max-restarts"
  case shutdownTimeout = "shutdown-timeout"
  case signals = "signals-to-handle"
  case debugRank = "debug-rank"
  case role
  case noPython = "no-python"
  case runPath = "run-path"
  case module

  case nodes = "nnodes"
  case standalone
  case backend = "rdzv-backend"
  case endpoint = "rdzv-endpoint"
  case id = "rdzv-id"
  case settings = "rdzv-conf"
  case nodeRank = "node-rank"
  case masterAddress = "master-addr"
  case masterPort = "master-port"
  case localAddress = "local-addr"

  case logFolder = "log-dir"
  case redirects
  case tee
  case shownLocalRanks = "local-ranks-filter"
  case outputFilters = "duplicate-stdout-filters"
  case errorFilters = "duplicate-stderr-filters"
  case eventLog = "event-log-handler"
  case statusPort = "status-port"
  case logsSpecs = "logs-specs"

  case virtualLocalRank = "virtual-local-rank"
  case numaBinding = "numa-binding"

  case monitorInterval = "monitor-interval"
  case startMethod = "start-method"
  case useEnvironment = "use-env"
  case help

  /// Whether the option has no value.
  var isFlag: Bool {
    switch self {
    case .noPython, .runPath, .module, .standalone, .virtualLocalRank, .useEnvironment, .help: true
    default: false
    }
  }

  /// The option as it is written on the command line.
  var spelling: String { "--" + rawValue }
}
