/// What went wrong with a store, and what to do about it.
///
/// The message is a whole sentence and ends with the remedy. `code` is for programs.
public struct StoreError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public let code: Code

  /// What happened, to whom, and how to put it right.
  public let message: String

  /// The rank that saw the failure, where it is known.
  public let rank: Int?

  /// The failure below this one, if there is one.
  public let cause: (any Error)?

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - code: The kind of failure.
  ///   - message: What happened, to whom, and how to put it right.
  ///   - rank: The rank that saw the failure, where it is known.
  ///   - cause: The failure below this one, if there is one.
  public init(
    code: Code, message: String, rank: Int? = nil, cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.rank = rank
    self.cause = cause
  }

  /// The message, after the rank where it is known.
  public var description: String {
    guard let rank else { return message }
    return "[rank \(rank)] \(message)"
  }
}

extension StoreError {
  /// The kind of a store's failure.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind: String {
      case invalidArgument, invalidEnvironment, addressInUse, cannotResolve, connectionRefused
      case unreachable, connectionLost, timedOut, protocolViolation, io
    }

    private let kind: Kind

    private init(_ kind: Kind) {
      self.kind = kind
    }

    /// The code's name.
    public var description: String { kind.rawValue }

    /// A value that the call cannot take, such as a key that is too long; the store is unharmed.
    public static let invalidArgument = Code(.invalidArgument)

    /// A variable that the launcher should have set is missing or holds something else.
    public static let invalidEnvironment = Code(.invalidEnvironment)

    /// Another process listens on the port that the server was given.
    public static let addressInUse = Code(.addressInUse)

    /// The host name means nothing to this machine's resolver.
    public static let cannotResolve = Code(.cannotResolve)

    /// The host answers, but nothing listens on the port.
    public static let connectionRefused = Code(.connectionRefused)

    /// The host could not be reached at all.
    public static let unreachable = Code(.unreachable)

    /// The server or the path to it died; the store object is unusable, its keys may live on.
    public static let connectionLost = Code(.connectionLost)

    /// The limit passed; for a wait for keys the store stays usable.
    public static let timedOut = Code(.timedOut)

    /// The other side, or the file, does not speak the store's format.
    public static let protocolViolation = Code(.protocolViolation)

    /// The operating system refused a file or a socket.
    public static let io = Code(.io)
  }
}
