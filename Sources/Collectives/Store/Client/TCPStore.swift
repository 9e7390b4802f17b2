import Support
import Synchronization

/// A store behind a TCP port, which processes on all machines of a job can reach.
///
/// It uses the protocol of PyTorch 2.13's `TCPStore`: Swift and Python processes can share one
/// store, whichever side runs the server. One rank or the launcher runs a ``TCPStoreServer``.
///
/// Every call blocks the calling thread. A connection carries one request at a time: while a thread
/// waits for a key, calls from other threads on the same object wait for that thread. A thread that
/// must not be blocked, such as one that sends heartbeats, uses its own connection: ``clone()``.
///
/// After `connectionLost`, or a timeout other than that of a wait for keys, the object is unusable
/// and every call throws. The keys remain in the server; a new `TCPStore` can read them.
public final class TCPStore: ExtendedStore {
  /// The server's host, as passed to the initializer.
  public let host: String

  /// The server's port.
  public let port: Int

  /// The default timeout of a call.
  public let timeout: Duration

  /// The numeric local address of the connection, which other machines may use to reach this one.
  public let localAddress: String

  /// The server, if this process runs it for this store; the store and its clones retain it.
  private let server: TCPStoreServer?

  let connection: Mutex<StoreConnection>

  /// Connects to a server; starts it first if `isHost`.
  ///
  /// It retries until `timeout` if no process listens yet or the host cannot be reached, so ranks
  /// may start before their host. A name that cannot be resolved is retried for at most 30 s.
  ///
  /// - Parameters:
  ///   - host: The server's name, IPv4 address or IPv6 address. The host itself listens on every
  ///     address of its machine, unless this is a loopback address such as `127.0.0.1`.
  ///   - port: The server's port. The host may pass 0 for a free port, which ``port`` then returns.
  ///     If this process already runs a server on the port, that one is shared.
  ///   - isHost: Whether this process runs the server. The server ends with this store and its
  ///     clones: retain one of them until the other processes are done.
  ///   - worldSize: The number of processes, including this one. Each one that passes it is
  ///     counted, and the host waits for all. `nil` disables counting and waiting.
  ///   - waitsForWorkers: Whether to count and wait if `worldSize` is passed.
  ///   - timeout: The time limit for connecting and for all processes to connect, and the default
  ///     timeout of later calls.
  /// - Throws: ``StoreError`` with code `cannotResolve`, `connectionRefused`, `unreachable`,
  ///   `protocolViolation`, `addressInUse`, or `timedOut` with the number of processes that
  ///   connected.
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

  /// Opens another connection to the same server, with the same timeout.
  public func clone() throws(StoreError) -> TCPStore {
    try TCPStore(host, port, server, timeout, before: Deadline(after: timeout))
  }

  /// Runs `body` with exclusive access to the connection.
  func exchange<R: Sendable>(
    _ body: (inout StoreConnection) throws(StoreError) -> R
  ) throws(StoreError) -> R {
    try connection.withLock { (connection) throws(StoreError) in try body(&connection) }
  }

  /// The deadline of a request that the server replies to at once.
  var answerDeadline: Deadline { Deadline(after: max(timeout, .seconds(1))) }
}

extension String {
  /// The string if it is a loopback address; otherwise `nil`, which stands for all addresses.
  fileprivate var ifLoopbackAddress: String? {
    let address = withoutBrackets
    return address == "::1" || address.hasPrefix("127.") ? address : nil
  }
}
