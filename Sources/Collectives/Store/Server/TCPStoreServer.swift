import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// The server side of a ``TCPStore``.
///
/// It uses PyTorch 2.13's protocol, for Swift and Python clients, and runs on its own thread. There
/// is no authentication and no encryption: any process that reaches the port can read and write, so
/// listen only where the job's machines can connect.
public final class TCPStoreServer: Sendable {
  /// The port that it listens on.
  public let port: Int

  private let group: MultiThreadedEventLoopGroup
  private let isOpen = Mutex(true)

  private init(port: Int, group: MultiThreadedEventLoopGroup) {
    self.port = port
    self.group = group
  }

  /// Starts to listen; blocks the calling thread until then.
  ///
  /// A connection without a request within 30 s is closed. Beyond 7/8 of the descriptors that this
  /// process may open, the oldest connection without a request gives way to a new one.
  ///
  /// - Parameters:
  ///   - host: The name or address to listen on; `nil` for every address of this machine.
  ///   - port: The port, or 0 for a free one.
  ///   - onDroppedConnection: Receives a message when a connection is closed for an invalid
  ///     request; called on the server's thread, so it must not block.
  /// - Returns: A server that listens until it is closed or released.
  /// - Throws: ``StoreError`` with code `addressInUse`, `cannotResolve`, `invalidArgument` or `io`.
  public static func start(
    host: String? = nil, port: Int = 0,
    onDroppedConnection: (@Sendable (String) -> Void)? = nil
  ) throws(StoreError) -> TCPStoreServer {
    try start(
      host: host, port: port, limits: StoreServerLimits(), onDroppedConnection: onDroppedConnection)
  }

  package static func start(
    host: String?, port: Int = 0, limits: StoreServerLimits,
    onDroppedConnection: (@Sendable (String) -> Void)? = nil
  ) throws(StoreError) -> TCPStoreServer {
    guard (0...65535).contains(port) else { throw .invalidPort(port) }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let router = StoreRouter(
      loop: group.next(), limits: limits, onDroppedConnection: onDroppedConnection)
    do {
      let channel = try TCPListener.listen(host: host, port: port, on: group) { channel in
        try channel.pipeline.syncOperations.addHandler(StoreConnectionHandler(router))
      }
      return TCPStoreServer(port: channel.localAddress?.port ?? port, group: group)
    } catch {
      try? group.syncShutdownGracefully()
      throw .cannotListen(host: host, port: port, error)
    }
  }

  /// Stops listening and closes all connections; the clients' waits fail with `connectionLost`.
  ///
  /// Blocks the calling thread until the port is free. Further calls do nothing.
  public func close() {
    let closesNow = isOpen.withLock { isOpen in
      defer { isOpen = false }
      return isOpen
    }
    if closesNow { try? group.syncShutdownGracefully() }
  }

  deinit {
    close()
  }
}
