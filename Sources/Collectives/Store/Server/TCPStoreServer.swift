import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// The server side of a ``TCPStore``.
///
/// It speaks PyTorch 2.13's protocol on one thread of its own, so Swift and Python processes can
/// meet in it. There is no authentication and no encryption: whoever reaches the port may read and
/// write, so listen where only the job's machines can reach it.
public final class TCPStoreServer: Sendable {
  /// The port it listens on.
  public let port: Int

  private let group: MultiThreadedEventLoopGroup
  private let isOpen = Mutex(true)

  private init(port: Int, group: MultiThreadedEventLoopGroup) {
    self.port = port
    self.group = group
  }

  /// Starts to listen; blocks the calling thread until it does.
  ///
  /// A connection on which no request comes within 30 s is closed, as is one beyond 7/8 of the descriptors
  /// that this process may open.
  ///
  /// - Parameters:
  ///   - host: The name or address to listen on; `nil` is every address of this machine.
  ///   - port: The port, or 0 for one that is free.
  ///   - onDroppedConnection: Told in one sentence when a client was cut off for sending something
  ///     that is no request; called on the server's thread, so it must not block.
  /// - Returns: A server that listens, until it is closed or nobody holds it any longer.
  /// - Throws: ``StoreError`` with code `addressInUse`, `cannotResolve`, `invalidArgument` or `io`.
  public static func start(
    host: String? = nil, port: Int = 0,
    onDroppedConnection: (@Sendable (String) -> Void)? = nil
  ) throws(StoreError) -> TCPStoreServer {
    try start(
      host: host, port: port, limits: StoreServerLimits(), onDroppedConnection: onDroppedConnection)
  }

  static func start(
    host: String?, port: Int = 0, limits: StoreServerLimits,
    onDroppedConnection: (@Sendable (String) -> Void)? = nil
  ) throws(StoreError) -> TCPStoreServer {
    guard (0...65535).contains(port) else { throw .invalidPort(port) }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let switchboard = StoreSwitchboard(
      loop: group.next(), limits: limits, onDroppedConnection: onDroppedConnection)
    do {
      let channel = try TCPListener.listen(host: host, port: port, on: group) { channel in
        try channel.pipeline.syncOperations.addHandler(StoreConnectionHandler(switchboard))
      }
      return TCPStoreServer(port: channel.localAddress?.port ?? port, group: group)
    } catch {
      try? group.syncShutdownGracefully()
      throw .cannotListen(host: host, port: port, error)
    }
  }

  /// Stops to listen and cuts off all clients, whose waits then fail with `connectionLost`.
  ///
  /// Blocks the calling thread until the port is free again. Further calls do nothing.
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
