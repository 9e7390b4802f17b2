/// Why a job could not be launched.
///
/// A worker that fails after it was started is no such error: it is reported on standard error and
/// shows in the launcher's exit code.
public struct ElasticError: Error, Hashable, CustomStringConvertible {
  /// The kind of failure.
  public struct Code: Sendable, Hashable {
    private enum Kind {
      case usage, programNotFound, programNotExecutable, system, addressInUse
      case rendezvousClosed, rendezvousTimeout, rendezvousConnection, rendezvousState
    }
    private var kind: Kind

    /// Options that make no sense, alone or together.
    public static let usage = Code(kind: .usage)

    /// The program, script or interpreter does not exist.
    public static let programNotFound = Code(kind: .programNotFound)

    /// The program or script exists but may not be executed or read.
    public static let programNotExecutable = Code(kind: .programNotExecutable)

    /// The operating system refused something the launcher needs: a folder, a port, a process.
    public static let system = Code(kind: .system)

    /// Another process listens on the port that the launcher was told to take.
    public static let addressInUse = Code(kind: .addressInUse)

    /// The job is over: nodes cannot join it any more.
    public static let rendezvousClosed = Code(kind: .rendezvousClosed)

    /// Not enough nodes came in time.
    public static let rendezvousTimeout = Code(kind: .rendezvousTimeout)

    /// The host of the rendezvous cannot be reached, or is lost.
    public static let rendezvousConnection = Code(kind: .rendezvousConnection)

    /// The node does not fit the job: another version, other options, a rank that is taken.
    public static let rendezvousState = Code(kind: .rendezvousState)
  }

  /// The kind of failure.
  public var code: Code

  /// What is wrong and what to do about it.
  public var message: String

  /// The message.
  public var description: String { message }

  /// The exit code of a launcher that ends with this error: 127 and 126 as a shell's, 64 for wrong options,
  /// 69 when other nodes did not come or cannot be reached, 76 when they do not want this one, else 71.
  public var exitCode: Int32 {
    switch code {
    case .programNotFound: 127
    case .programNotExecutable: 126
    case .usage: 64  // EX_USAGE
    case .rendezvousTimeout, .rendezvousConnection: 69  // EX_UNAVAILABLE
    case .rendezvousClosed, .rendezvousState: 76  // EX_PROTOCOL
    default: 71  // EX_OSERR
    }
  }

  /// Creates an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
