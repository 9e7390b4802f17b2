public import FoundationEssentials

/// The failure of a worker, which it reports to its launcher through a file.
///
/// The file has torchelastic's format: `torchrun` reports failures of Swift workers, and
/// `lockstep run` those of Python workers under `@record`.
/// ```json
/// {"message": {"message": "ValueError: boom",
///              "extraInfo": {"py_callstack": "Traceback …", "timestamp": "1763683200"}}}
/// ```
/// The timestamp has whole seconds, because torchelastic reads nothing finer.
public struct ErrorRecord: Sendable, Hashable {
  /// The error's type, a colon and its description.
  public var message: String

  /// A traceback or a source location; `torchrun` shows it if present.
  public var callStack: String?

  /// The time of the failure; `nil` if the file has none.
  public var time: Date?

  /// The exit code, which a launcher adds to its copy of the record.
  public var errorCode: Int32?

  /// Creates a record of a failure, by default of the current time.
  public init(
    message: String, callStack: String? = nil, time: Date? = Date(), errorCode: Int32? = nil
  ) {
    self.message = message
    self.callStack = callStack
    self.time = time
    self.errorCode = errorCode
  }

  /// Creates a record of a Swift error at the current time, with a message in Python's form,
  /// `Type: description`.
  public init(_ error: any Error) {
    self.init(message: "\(type(of: error)): \(error)")
  }
}
