public import FoundationEssentials

/// The failure of a worker, which it reports to its launcher through a file.
///
/// The file has torchelastic's format: `torchrun` reports failures of Swift workers, and
/// `lockstep run` those of Python workers under `@record`.
/// ```json
/// {"message": {"message": "ValueError: boom",
///              "extraInfo": {"py_callstack": "Traceback …", "timestamp": "1763683200"}},
///  "lockstep": {"blamedRanks": [1]}}
/// ```
/// The timestamp has whole seconds, because torchelastic reads nothing finer. torchelastic ignores
/// the last field, which is absent if the error blames no peer.
public struct ErrorRecord: Sendable, Hashable {
  /// The error's type, a colon and its description.
  public var message: String

  /// A traceback or a source location; `torchrun` shows it if present.
  public var callStack: String?

  /// The time of the failure; `nil` if the file has none.
  public var time: Date?

  /// The exit code, which a launcher adds to its copy of the record.
  public var errorCode: Int32?

  /// The ranks whose loss caused the failure: empty if they are not known, `nil` if the failure has
  /// another cause or the file does not state it.
  public var blamedRanks: [Int]?

  /// Creates a record of a failure, by default of the current time.
  public init(
    message: String, callStack: String? = nil, time: Date? = Date(), errorCode: Int32? = nil,
    blamedRanks: [Int]? = nil
  ) {
    self.message = message
    self.callStack = callStack
    self.time = time
    self.errorCode = errorCode
    self.blamedRanks = blamedRanks
  }

  /// Creates a record of a Swift error at the current time, with a message in Python's form,
  /// `Type: description`.
  ///
  /// The record blames the peers that a ``PeerError`` blames.
  public init(_ error: any Error) {
    self.init(
      message: "\(type(of: error)): \(error)", blamedRanks: (error as? any PeerError)?.blamedRanks)
  }
}
