import Support
import Synchronization

/// A store behind a TCP port, which processes on all machines of a job can reach.
///
/// It speaks the protocol of PyTorch 2.13's `TCPStore`, so it may meet Python processes in one
/// store, whichever side runs the server. One rank or the launcher runs a ``TCPStoreServer``.
///
/// Every call blocks the calling thread. One connection carries one request at a time: while a
/// thread waits for a key, calls from other threads on the same object wait for it in turn. A thread
/// that must not be held up, such as one that sends heartbeats, takes its own connection: ``clone()``.
///
/// After `connectionLost` or a time-out of anything but a wait for keys the object is unusable and
/// says so at every call; the keys live on in the server, and a new `TCPStore` finds them.
public final class TCPStore: ExtendedStore {
  /// The server's host, as given.
  public let host: String

  /// The server's port.
  public let port: Int

  /// The limit of a call that names none.
  public let timeout: Duration

  /// The address by which this machine reaches the server, as digits: one that others can use, too.
  public let localAddress: String

  /// The server, if this process runs it for this store; kept alive by the store and its clones.
  private let server: TCPStoreServer?

  let connection: Mutex<StoreConnection>

  /// Connects to a server, and runs it if `isHost`.
  ///
  /// Until `timeout` it tries again if nobody listens yet or the host cannot be reached, so ranks may
  /// start before their host does. A name that cannot be resolved is tried for 30 s at most.
  ///
  /// - Parameters:
  ///   - host: The server's name, IPv4 or IPv6 address. The host itself listens on every address of
  ///     its machine, unless this is a loopback address such as `127.0.0.1`.
  ///   - port: The server's port. For the host 0 means a free one, which ``port`` then names; and a
  ///     server that this process already runs on the port is shared.
  ///   - isHost: Whether this process runs the server, which ends with this store and its clones:
  ///     keep one of them until the others are done.
  ///   - worldSize: The number of processes that will come, this one included. Each one that gives it
  ///     is counted, and the host waits until all have come. `nil` counts and waits for nobody.
  ///   - waitsForWorkers: Whether to count and wait at all where a `worldSize` is given.
  ///   - timeout: The limit for connecting and for all to come, and of each later call that names
  ///     none.
  /// - Throws: ``StoreError`` with code `cannotResolve`, `connectionRefused`, `unreachable`,
  ///   `protocolViolation`, `addressInUse`, or `timedOut` with the number of processes that came.
  public convenience init(
    host: String, port: Int, isHost: Bool = false, worldSize: Int? = nil,
    waitsForWorkers: Bool = true, timeout: Duration = .seconds(300)
  ) throws(StoreError) {
    guard (isHost ? 0...65535 : 1...65535).contains(port) else { throw .invalidPort(port) }
    let server =
      isHost ? try TCPStoreServer.sharedServer(host: host.ifLoopbackAddress, port: port) : nil
    let deadline = Deadline(after: timeout)
    try self.init(host, server?.port ?? port, server, timeout, before: deadline)
    if let worldSize, waitsForWorkers {
      try join(worldSize: worldSize, waits: isHost, before: deadline)
    }
  }

  private init(
    _ host: String, _ port: Int, _ server: TCPStoreServer?, _ timeout: Duration,
    before deadline: Deadline
  ) throws(StoreError) {
    self.host = host
    self.port = port
    self.server = server
    self.timeout = timeout
    let connection = try StoreConnection.open(host, port, before: deadline)
    localAddress = connection.localAddress
    self.connection = Mutex(connection)
  }

  /// A second connection to the same server, with the same limit.
  public func clone() throws(StoreError) -> TCPStore {
    try TCPStore(host, port, server, timeout, before: Deadline(after: timeout))
  }

  /// Runs `body` alone on the connection.
  func exchange<R: Sendable>(
    _ body: (inout StoreConnection) throws(StoreError) -> R
  ) throws(StoreError) -> R {
    try connection.withLock { (connection) throws(StoreError) in try body(&connection) }
  }

  /// The limit of a request that the server answers at once.
  var answerDeadline: Deadline { Deadline(after: max(timeout, .seconds(1))) }
}

extension String {
  /// The address if it is a loopback one, so that others need not be listened on.
  fileprivate var ifLoopbackAddress: String? {
    let address = withoutBrackets
    return address == "::1" || address.hasPrefix("127.") ? address : nil
  }
}
