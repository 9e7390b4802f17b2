/// The reason why a job could not be launched or continued.
///
/// The failure of a running worker is not an error of this type: the launcher reports it on
/// standard error and through its exit code.
public struct ElasticError: Error, Hashable, CustomStringConvertible {
  /// The kind of failure.
  public struct Code: Sendable, Hashable {
    private enum Kind {
      case usage, programNotFound, programNotExecutable, system, addressInUse
      case rendezvousClosed, rendezvousTimeout, rendezvousConnection, rendezvousState
      case foreignRendezvous, outputLost
    }
    private var kind: Kind

    /// An option is invalid, alone or in combination with others.
    public static let usage = Code(kind: .usage)

    /// The program, script or interpreter does not exist.
    public static let programNotFound = Code(kind: .programNotFound)

    /// The program cannot be executed, or the script cannot be read.
    public static let programNotExecutable = Code(kind: .programNotExecutable)

    /// The operating system refused something that the launcher needs: a folder, a port, a process.
    public static let system = Code(kind: .system)

    /// Another process listens on the port that the launcher has to use.
    public static let addressInUse = Code(kind: .addressInUse)

    /// The job is over, so nodes can no longer join it.
    public static let rendezvousClosed = Code(kind: .rendezvousClosed)

    /// Not enough nodes joined in time.
    public static let rendezvousTimeout = Code(kind: .rendezvousTimeout)

    /// The host of the rendezvous cannot be reached, or the connection to it is lost.
    public static let rendezvousConnection = Code(kind: .rendezvousConnection)

    /// The node does not match the job: its version or options differ, or its rank is taken.
    public static let rendezvousState = Code(kind: .rendezvousState)

    /// Another launcher, such as torchrun, uses the endpoint or tries to join the job.
    public static let foreignRendezvous = Code(kind: .foreignRendezvous)

    /// Output could not be written, for example because the disk is full.
    public static let outputLost = Code(kind: .outputLost)
  }

  /// The kind of failure.
  public var code: Code

  /// What is wrong and what to do about it.
  public var message: String

  /// The message.
  public var description: String { message }

  /// The exit code of a launcher that stops with this error.
  ///
  /// As in a shell, 127 means that the program does not exist and 126 that it cannot be executed.
  /// The others are those of `sysexits.h`: 64 for invalid options, 69 if other nodes did not join
  /// or cannot be reached, 74 if output is lost, 76 if they refused this node, 78 if they were
  /// started by another launcher, otherwise 71.
  public var exitCode: Int32 {
    switch code {
    case .programNotFound: 127
    case .programNotExecutable: 126
    case .usage: 64  // EX_USAGE
    case .rendezvousTimeout, .rendezvousConnection: 69  // EX_UNAVAILABLE
    case .rendezvousClosed, .rendezvousState: 76  // EX_PROTOCOL
    case .foreignRendezvous: 78  // EX_CONFIG
    case .outputLost: 74  // EX_IOERR
    default: 71  // EX_OSERR
    }
  }

  /// Creates an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
