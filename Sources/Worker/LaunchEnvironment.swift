/// A worker's ranks and its job's store, read from the environment that the launcher sets.
///
/// The variables are torchrun's, so `lockstep run` and `torchrun --no-python` both provide them. To
/// start workers by hand, set `RANK`, `WORLD_SIZE`, `MASTER_ADDR` and `MASTER_PORT`, as for
/// PyTorch's `env://`; the other values default to those of a job on one machine.
public struct LaunchEnvironment: Sendable, Equatable {
  /// This worker's rank in the job, from 0.
  public var rank: Int

  /// The number of workers of the job.
  public var worldSize: Int

  /// This worker's rank on its machine, from 0; by default, ``rank`` modulo ``localWorldSize``.
  public var localRank: Int

  /// The number of workers on this machine; by default, ``worldSize``.
  public var localWorldSize: Int

  /// The rank of this machine's launcher, from 0; by default, 0.
  public var groupRank: Int

  /// The host of the job's store.
  public var masterAddress: String

  /// The port of the job's store.
  public var masterPort: Int

  /// The number of times that the workers were restarted after a failure; by default, 0.
  public var restartCount: Int

  /// The maximum number of restarts; by default, 0.
  public var maxRestarts: Int

  /// The job's name; by default, `none`.
  public var runID: String

  /// Whether the launcher runs the store; if not, rank 0 does.
  public var usesAgentStore: Bool

  /// The file to which this worker writes the failure that ends it; `nil` if there is none.
  public var errorFile: String?

  /// The rank that is being debugged (`lockstep run --debug-rank`); `nil` for none.
  public var debugRank: Int?
}

extension LaunchEnvironment {
  /// Whether this process has a rank, set by a launcher or by hand.
  public static var isLaunched: Bool {
    WorkerVariable.rank.isSet
  }

  /// Reads this process's environment.
  ///
  /// - Throws: ``WorkerError`` with code `invalidEnvironment`, which names the variable and its
  ///   value.
  public init() throws(WorkerError) {
    var environment: [String: String] = [:]
    for variable in WorkerVariable.allCases {
      environment[variable.rawValue] = variable.value
    }
    try self.init(environment)
  }

  /// Reads a given environment.
  ///
  /// - Parameter environment: Names and values; names other than a launcher's are ignored.
  /// - Throws: ``WorkerError`` with code `invalidEnvironment`, which names the variable and its
  ///   value.
  public init(_ environment: [String: String]) throws(WorkerError) {
    let reader = EnvironmentReader(environment)
    worldSize = try reader.number(.worldSize, in: 1...Int.max)
    rank = try reader.number(.rank, in: 0...(worldSize - 1))
    localWorldSize = try reader.number(.localWorldSize, in: 1...worldSize, default: worldSize)
    localRank = try reader.number(
      .localRank, in: 0...(localWorldSize - 1), default: rank % localWorldSize)
    groupRank = try reader.number(.groupRank, in: 0...(worldSize - 1), default: 0)
    masterAddress = try reader.text(.masterAddress)
    masterPort = try reader.number(.masterPort, in: 1...65535)
    restartCount = try reader.number(.restartCount, in: 0...Int.max, default: 0)
    maxRestarts = try reader.number(.maxRestarts, in: 0...Int.max, default: 0)
    runID = try reader.text(.runID, default: "none")
    usesAgentStore = try reader.flag(.usesAgentStore)
    errorFile = reader.optionalText(.errorFile)
    debugRank =
      try reader.optionalText(.debugRank) == nil
      ? nil : reader.number(.debugRank, in: 0...(worldSize - 1))
  }
}

extension LaunchEnvironment {
  /// Returns the time limit for operations that wait for peers: `timeout`, or at least a week while
  /// a rank is being debugged.
  public func peerTimeout(_ timeout: Duration) -> Duration {
    debugRank == nil ? timeout : max(timeout, .seconds(7 * 24 * 3600))
  }
}

/// Reads a launcher's variables and reports invalid values.
private struct EnvironmentReader {
  private let environment: [String: String]

  init(_ environment: [String: String]) {
    self.environment = environment
  }

  /// The variable's value; an empty one counts as unset, as in PyTorch.
  func optionalText(_ variable: WorkerVariable) -> String? {
    environment[variable.rawValue].flatMap { $0.isEmpty ? nil : $0 }
  }

  func text(
    _ variable: WorkerVariable, default fallback: String? = nil
  ) throws(WorkerError) -> String {
    guard let value = optionalText(variable) ?? fallback else {
      throw WorkerError(
        code: .invalidEnvironment,
        message: "\(variable.rawValue) is not set: start this program with `lockstep run` or "
          + "`torchrun --no-python`, or set RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT")
    }
    return value
  }

  func number(
    _ variable: WorkerVariable, in range: ClosedRange<Int>, default fallback: Int? = nil
  ) throws(WorkerError) -> Int {
    let value = try text(variable, default: fallback.map(String.init))
    guard let number = Int(value), range.contains(number) else {
      let bounds =
        range.upperBound == .max
        ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
      throw invalid(variable, value, "a whole number \(bounds)")
    }
    return number
  }

  /// A boolean in Python's spelling; false if unset.
  func flag(_ variable: WorkerVariable) throws(WorkerError) -> Bool {
    switch optionalText(variable) {
    case "True": true
    case "False", nil: false
    case let value?: throw invalid(variable, value, "True or False")
    }
  }

  private func invalid(
    _ variable: WorkerVariable, _ value: String, _ expected: String
  ) -> WorkerError {
    WorkerError(
      code: .invalidEnvironment,
      message: "\(variable.rawValue) is \"\(value)\": the launcher has to set it to \(expected)")
  }
}
