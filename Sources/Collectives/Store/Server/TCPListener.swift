internal import Glibc
package import NIOCore
package import NIOPosix

/// Listens for TCP connections whose sockets are not inherited by child processes.
///
/// Otherwise a worker would keep its launcher's ports and connections open after the launcher has
/// exited.
package enum TCPListener {
  /// Starts to listen; blocks the calling thread until then.
  ///
  /// - Parameters:
  ///   - host: The name or address; `nil` for every IPv6 and IPv4 address of this machine, or every
  ///     IPv4 address if there is no IPv6.
  ///   - port: The port, or 0 for a free one.
  ///   - group: The threads that serve the connections.
  ///   - limit: The maximum number of connections; `nil` for no limit.
  ///   - accept: Configures a new connection; if it throws, the connection is closed.
  /// - Returns: The listening channel.
  /// - Throws: `IOError`, or NIO's error for a name that cannot be resolved.
  package static func listen(
    host: String?, port: Int, on group: MultiThreadedEventLoopGroup,
    limit: ConnectionLimit? = nil,
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
          guard limit?.add(channel) ?? true else {
            throw ChannelError.operationUnsupported  // closes the connection
          }
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

extension TCPListener {
  /// 7/8 of the descriptors that this process may open; the rest remain for other uses.
  package static var affordableConnections: Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 512 }
    return Int(clamping: limit.rlim_cur) / 8 * 7
  }
}

extension Channel {
  /// Prevents child processes from inheriting the socket.
  package func closeOnExec() throws {
    try pipeline.syncOperations.withUnsafeTransportIfAvailable(
      of: NIOBSDSocket.Handle.self
    ) { descriptor in
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }
  }
}
