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
      let channel = try bind(bootstrap(group, switchboard), host, port)
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

  private static func bootstrap(
    _ group: MultiThreadedEventLoopGroup, _ switchboard: StoreSwitchboard
  ) -> ServerBootstrap {
    ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 4096)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.socketOption(.so_keepalive), value: 1)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try closeOnExec(channel) }
      }
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try closeOnExec(channel)
          try channel.pipeline.syncOperations.addHandler(StoreConnectionHandler(switchboard))
        }
      }
  }

  /// Keeps the socket from the programs that this process starts.
  ///
  /// Otherwise a worker would hold its launcher's port and connections open after the launcher's end.
  private static func closeOnExec(_ channel: any Channel) throws {
    try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
      of: NIOBSDSocket.Handle.self
    ) { descriptor in
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }
  }

  /// Listens on `host`, or on every IPv6 and IPv4 address, or where there is no IPv6 on every IPv4.
  private static func bind(
    _ bootstrap: ServerBootstrap, _ host: String?, _ port: Int
  ) throws -> any Channel {
    if let host {
      return try bootstrap.bind(host: host.withoutBrackets, port: port).wait()
    }
    do {
      return try bootstrap.bind(host: "::", port: port).wait()
    } catch let error as IOError where error.errnoCode != EADDRINUSE && error.errnoCode != EACCES {
      return try bootstrap.bind(host: "0.0.0.0", port: port).wait()
    }
  }
}
