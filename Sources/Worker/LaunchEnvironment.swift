/// A worker's place in its job, as the launcher has put it into the environment.
///
/// The variables are torchrun's, so it is the same under `lockstep run` and
/// `torchrun --no-python`. By hand `RANK`, `WORLD_SIZE`, `MASTER_ADDR` and `MASTER_PORT` are enough, as
/// for PyTorch's `env://`; the rest then has the values of a job on one machine.
public struct LaunchEnvironment: Sendable, Equatable {
  /// This worker's number among all of the job, from 0.
  public var rank: Int

  /// The number of workers of the job.
  public var worldSize: Int

  /// This worker's number among those of its machine, from 0; if nobody says,
  /// ``rank`` modulo ``localWorldSize``.
  public var localRank: Int

  /// The number of workers on this machine; ``worldSize`` if nobody says.
  public var localWorldSize: Int

  /// The number of this machine's launcher among all launchers, from 0; 0 if nobody says.
  public var groupRank: Int

  /// The host of the job's store.
  public var masterAddress: String

  /// The port of the job's store.
  public var masterPort: Int

  /// How often the workers have been started anew after a failure; 0 if nobody says.
  public var restartCount: Int

  /// How often they may be; 0 if nobody says.
  public var maxRestarts: Int

  /// The job's name, `none` if nobody says.
  public var runID: String

  /// Whether the launcher runs the store; if not, rank 0 has to.
  public var usesAgentStore: Bool

  /// The file to which a worker writes the failure that ends it, if the launcher wants one.
  public var errorFile: String?

  /// The rank that somebody looks at in a debugger (`lockstep run --debug-rank`); `nil` for none.
  public var debugRank: Int?
}

extension LaunchEnvironment {
  /// Whether a launcher, or a user by hand, has given this process a rank.
  public static var isLaunched: Bool {
    WorkerVariable.rank.isSet
  }

  /// Reads the environment of this process.
  ///
  /// - Throws: ``WorkerError`` with code `invalidEnvironment` that names the variable and its value.
  public init() throws(WorkerError) {
    var environment: [String: String] = [:]
    for variable in WorkerVariable.allCases {
      environment[variable.rawValue] = variable.value
    }
    try self.init(environment)
  }

  /// Reads a given environment.
  ///
  /// - Parameter environment: Names and values; others than a launcher's are passed over.
  /// - Throws: ``WorkerError`` with code `invalidEnvironment` that names the variable and its value.
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
  /// How long to wait for peers in place of a usual limit: a week while a rank is being debugged,
  /// because its peers have to bear with it.
  public func patience(_ limit: Duration) -> Duration {
    debugRank == nil ? limit : max(limit, .seconds(7 * 24 * 3600))
  }
}

/// Reads a launcher's variables and says what is wrong with them.
private struct EnvironmentReader {
  private let environment: [String: String]

  init(_ environment: [String: String]) {
    self.environment = environment
  }

  /// The variable's value; an empty one counts as missing, as it does for PyTorch.
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

  /// Python's spelling of a truth value; a missing one is false.
  func flag(_ variable: WorkerVariable) throws(WorkerError) -> Bool {
    switch optionalText(variable) {
    case "True": true
    case "False", nil: false
    case let value?: throw invalid(variable, value, "True or False")
    }
  }

  private func invalid(
    _ variable: WorkerVariable, _ value: String, _ wanted: String
  ) -> WorkerError {
    WorkerError(
      code: .invalidEnvironment,
      message: "\(variable.rawValue) is \"\(value)\": the launcher has to set it to \(wanted)")
  }
}
