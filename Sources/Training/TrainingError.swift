internal import Glibc

/// What went wrong with a training's snapshots or metrics, and what to do about it.
public struct TrainingError: Error, Sendable, CustomStringConvertible {
  /// The kind of an error; more kinds may be added.
  public struct Code: Hashable, Sendable {
    private enum Value: String {
      case locked, damaged, newerVersion, mismatch, inputOutput, invalidArgument, timedOut
      case invalidName, notFinite
    }
    private let value: Value

    /// Another job uses the snapshot folder; the message names its process and host.
    public static let locked = Code(value: .locked)
    /// There are snapshots, but none of them is intact.
    public static let damaged = Code(value: .damaged)
    /// The newest snapshot has a format that this program does not know.
    public static let newerVersion = Code(value: .newerVersion)
    /// The snapshot is one of another model, optimizer or data set; the message names the first
    /// difference.
    public static let mismatch = Code(value: .mismatch)
    /// The operating system refused to read or write; the message names the file and the reason.
    public static let inputOutput = Code(value: .inputOutput)
    /// A value given by the caller makes no sense.
    public static let invalidArgument = Code(value: .invalidArgument)
    /// A snapshot was not written within the time limit.
    public static let timedOut = Code(value: .timedOut)
    /// A scalar has a name that the format of metrics needs for itself.
    public static let invalidName = Code(value: .invalidName)
    /// A loss or a norm is infinite or no number; the message names the step and the rank.
    public static let notFinite = Code(value: .notFinite)

    private init(value: Value) { self.value = value }

    /// The name under which ranks tell each other.
    var name: String { value.rawValue }

    init(name: String) { value = Value(rawValue: name) ?? .inputOutput }
  }

  /// The kind of the error.
  public let code: Code
  /// What happened and what to do about it.
  public let message: String
  /// The failure below this one, if there is one.
  public let cause: (any Error)?

  /// Creates an error.
  public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  /// The message.
  public var description: String { message }

  /// What the operating system says in `errno`.
  ///
  /// - Parameters:
  ///   - what: What was tried, such as `cannot make`.
  ///   - path: The file.
  ///   - remedy: What to do about it.
  /// - Returns: The error with code `inputOutput`.
  static func system(_ what: String, _ path: String, remedy: String? = nil) -> TrainingError {
    let reason = "\(what) '\(path)': \(String(cString: strerror(errno)))"
    return TrainingError(.inputOutput, remedy.map { "\(reason); \($0)" } ?? reason)
  }
}
