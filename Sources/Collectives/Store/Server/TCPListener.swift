internal import Glibc
package import NIOCore
package import NIOPosix

/// Listens for TCP connections whose sockets no program that this process starts inherits.
///
/// Otherwise a worker would hold its launcher's ports and connections open after the launcher's end.
package enum TCPListener {
  /// Starts to listen; blocks the calling thread until it does.
  ///
  /// - Parameters:
  ///   - host: The name or address; `nil` for every IPv6 and IPv4 address of this machine, or where there
  ///     is no IPv6 for every IPv4 one.
  ///   - port: The port, 0 for any free one.
  ///   - group: Whose threads serve the connections.
  ///   - accept: Equips a new connection; one for which it throws is closed.
  /// - Returns: The listening channel.
  /// - Throws: NIO's errors: `IOError`, or those of a name that has no address.
  package static func listen(
    host: String?, port: Int, on group: MultiThreadedEventLoopGroup,
    accept: @escaping @Sendable (any Channel) throws -> Void
  ) throws -> any Channel {
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 4096)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.socketOption(.so_keepalive), value: 1)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.closeOnExec() }
      }
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.closeOnExec()
          try accept(channel)
        }
      }
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

extension Channel {
  /// Keeps the socket from the programs that this process starts.
  package func closeOnExec() throws {
    try pipeline.syncOperations.withUnsafeTransportIfAvailable(
      of: NIOBSDSocket.Handle.self
    ) { descriptor in
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }
  }
}
