import Synchronization

extension TCPStoreServer {
  private struct WeakServer: Sendable {
    weak let server: TCPStoreServer?
  }

  private static let shared = Mutex<[Int: WeakServer]>([:])

  /// The server that this process runs on `port`, or a new one.
  ///
  /// So a process that makes its store anew, as rank 0 does when a group is rebuilt, finds the keys
  /// of the store before as long as that is alive, like PyTorch's `multi_tenant` servers.
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
