import Synchronization

extension TCPStoreServer {
  private struct WeakServer: Sendable {
    weak let server: TCPStoreServer?
  }

  private static let shared = Mutex<[Int: WeakServer]>([:])

  /// Returns the server that this process runs on `port`, or starts one.
  ///
  /// A process that recreates its store, as rank 0 does when it recreates a group, finds the
  /// earlier keys as long as the server lives, as with PyTorch's `multi_tenant` servers.
  static func sharedServer(host: String?, port: Int) throws(StoreError) -> TCPStoreServer {
    try shared.withLock { (servers) throws(StoreError) in
      servers = servers.filter { $0.value.server != nil }
      if let server = servers[port]?.server { return server }
      let server = try start(host: host, port: port)
      servers[server.port] = WeakServer(server: server)
      return server
    }
  }
}
