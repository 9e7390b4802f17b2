extension LaunchEnvironment {
  /// The job's store, as PyTorch's `env://` rendezvous makes it.
  ///
  /// Where the launcher runs a store every rank is its client; otherwise rank 0 runs it at
  /// ``masterPort`` and blocks until all ranks have come. Blocks the calling thread until connected.
  ///
  /// - Parameter timeout: The limit for all to meet, and of each later call that names none.
  /// - Returns: A ``TCPStore``, without a prefix: PyTorch puts `default_pg/` before its group's keys.
  ///   Where rank 0 runs the server, that ends with this object: keep it until all are done.
  /// - Throws: ``StoreError`` as ``TCPStore/init(host:port:isHost:worldSize:waitsForWorkers:timeout:)``
  ///   does, with this worker's rank.
  public func makeStore(
    timeout: Duration = .seconds(300)
  ) throws(StoreError) -> any Store {
    do throws(StoreError) {
      return try TCPStore(
        host: masterAddress, port: masterPort, isHost: !usesAgentStore && rank == 0,
        worldSize: worldSize, timeout: timeout)
    } catch {
      throw StoreError(
        code: error.code, message: error.message, rank: rank, cause: error.cause)
    }
  }
}
