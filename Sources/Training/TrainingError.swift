internal import Glibc
public import Worker

/// An error in training, snapshots or metrics; the message includes a remedy.
public struct TrainingError: Error, Sendable, CustomStringConvertible {
  /// The kind of an error; more kinds may be added.
  public struct Code: Hashable, Sendable {
    private enum Value: String {
      case locked, damaged, newerVersion, mismatch, inputOutput, invalidArgument, timedOut
      case invalidName, notFinite
    }
    private let value: Value

    /// Another job holds the snapshot folder; the message names its process and host.
    public static let locked = Code(value: .locked)
    /// There are snapshots, but none is intact.
    public static let damaged = Code(value: .damaged)
    /// The newest snapshot has a newer format than this program supports.
    public static let newerVersion = Code(value: .newerVersion)
    /// The snapshot belongs to a different model, optimizer or data set.
    ///
    /// The message names the first difference.
    public static let mismatch = Code(value: .mismatch)
    /// Reading or writing failed; the message names the file and the system's reason.
    public static let inputOutput = Code(value: .inputOutput)
    /// An argument is invalid.
    public static let invalidArgument = Code(value: .invalidArgument)
    /// A snapshot was not written within the time limit.
    public static let timedOut = Code(value: .timedOut)
    /// A scalar has a name that the metrics format reserves.
    public static let invalidName = Code(value: .invalidName)
    /// A loss, gradient norm or logit is infinite or NaN.
    ///
    /// The message names the step and the rank, or the sample.
    public static let notFinite = Code(value: .notFinite)

    private init(value: Value) { self.value = value }

    /// The name that identifies the code in messages between ranks.
    var name: String { value.rawValue }

    init(name: String) { value = Value(rawValue: name) ?? .inputOutput }
  }

  /// The kind of the error.
  public let code: Code
  /// What happened, and the remedy.
  public let message: String
  /// The underlying error, if any.
  public let cause: (any Error)?

  /// Creates an error.
  public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  /// The message.
  public var description: String { message }

  /// Creates an error with code `inputOutput` from `errno`.
  ///
  /// - Parameters:
  ///   - what: The failed operation, such as `cannot create`.
  ///   - path: The file.
  ///   - remedy: The remedy, in the imperative.
  /// - Returns: The error.
  static func system(_ what: String, _ path: String, remedy: String? = nil) -> TrainingError {
    let reason = "\(what) '\(path)': \(String(cString: strerror(errno)))"
    return TrainingError(.inputOutput, remedy.map { "\(reason); \($0)" } ?? reason)
  }
}

extension TrainingError: PeerError {
  /// The ranks that ``cause`` blames.
  public var blamedRanks: [Int]? { (cause as? any PeerError)?.blamedRanks }
}
