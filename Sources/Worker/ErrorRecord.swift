public import FoundationEssentials

/// Why a worker failed, as it tells its launcher through a file.
///
/// The file has torchelastic's format, so a Swift worker's failure is understood by `torchrun` and
/// that of a Python worker under `@record` by `lockstep run`:
/// ```json
/// {"message": {"message": "ValueError: boom",
///              "extraInfo": {"py_callstack": "Traceback …", "timestamp": "1763683200"}}}
/// ```
/// The timestamp counts whole seconds, as torchelastic reads nothing finer.
public struct ErrorRecord: Sendable, Hashable {
  /// What went wrong: the error's type, a colon and its description.
  public var message: String

  /// Where it went wrong: a traceback or a place in the source; what `torchrun` shows if present.
  public var callStack: String?

  /// When it went wrong; `nil` if the file did not tell.
  public var time: Date?

  /// The exit code that a launcher added to its own copy of the record.
  public var errorCode: Int32?

  /// Creates a record of a failure that happens now, unless another time is given.
  public init(
    message: String, callStack: String? = nil, time: Date? = Date(), errorCode: Int32? = nil
  ) {
    self.message = message
    self.callStack = callStack
    self.time = time
    self.errorCode = errorCode
  }

  /// Creates a record of a Swift error that happens now, with Python's `Type: description` message.
  public init(_ error: any Error) {
    self.init(message: "\(type(of: error)): \(error)")
  }
}
