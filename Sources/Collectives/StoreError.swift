public import Worker

/// A failure of a store, with its remedy.
public struct StoreError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public let code: Code

  /// What happened, and the remedy.
  public let message: String

  /// The rank that reports the failure, where it is known.
  public let rank: Int?

  /// The underlying error.
  public let cause: (any Error)?

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - code: The kind of failure.
  ///   - message: What happened, and the remedy.
  ///   - rank: The rank that reports the failure, where it is known.
  ///   - cause: The underlying error.
  public init(
    code: Code, message: String, rank: Int? = nil, cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.rank = rank
    self.cause = cause
  }

  /// The message, preceded by the rank where it is known.
  public var description: String {
    guard let rank else { return message }
    return "[rank \(rank)] \(message)"
  }
}

extension StoreError: PeerError {
  /// Empty if the process that hosts the store is gone, otherwise `nil`.
  public var blamedRanks: [Int]? {
    code == .connectionLost || code == .connectionRefused ? [] : nil
  }
}

extension StoreError {
  /// The kind of a failure.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind: String {
      case invalidArgument, addressInUse, cannotResolve, connectionRefused, unreachable
      case connectionLost, timedOut, protocolViolation, io
    }

    private let kind: Kind

    private init(_ kind: Kind) {
      self.kind = kind
    }

    /// The code's name.
    public var description: String { kind.rawValue }

    /// An argument is invalid, such as a key that is too long; the store remains usable.
    public static let invalidArgument = Code(.invalidArgument)

    /// Another process listens on the server's port.
    public static let addressInUse = Code(.addressInUse)

    /// The host name cannot be resolved.
    public static let cannotResolve = Code(.cannotResolve)

    /// No process listens on the port of the host.
    public static let connectionRefused = Code(.connectionRefused)

    /// The host cannot be reached.
    public static let unreachable = Code(.unreachable)

    /// The connection to the server was lost.
    ///
    /// The store object is unusable; the server may still have the keys.
    public static let connectionLost = Code(.connectionLost)

    /// The timeout passed; after a wait for keys, the store remains usable.
    public static let timedOut = Code(.timedOut)

    /// The server or the file does not use the store's format.
    public static let protocolViolation = Code(.protocolViolation)

    /// An operation on a file or a socket failed.
    public static let io = Code(.io)
  }
}
