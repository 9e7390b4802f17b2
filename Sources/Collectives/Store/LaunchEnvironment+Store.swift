public import Worker

extension LaunchEnvironment {
  /// The job's store, as PyTorch's `env://` rendezvous makes it.
  ///
  /// Where the launcher runs a store every rank is its client; otherwise rank 0 runs it at
  /// ``masterPort`` and blocks until all ranks have come. Blocks the calling thread until connected.
  ///
  /// - Parameters:
  ///   - timeout: The limit for all to meet, and of each later call that names none.
  ///   - waitsForWorkers: Whether rank 0, where it runs the store, blocks until all have come. It can
  ///     only count them; what is done next with the store may know better who is missing.
  /// - Returns: A ``TCPStore``, without a prefix: PyTorch puts `default_pg/` before its group's keys.
  ///   Where rank 0 runs the server, that ends with this object: keep it until all are done.
  /// - Throws: ``StoreError`` as ``TCPStore/init(host:port:isHost:worldSize:waitsForWorkers:timeout:)``
  ///   does, with this worker's rank.
  public func makeStore(
    timeout: Duration = .seconds(300), waitsForWorkers: Bool = true
  ) throws(StoreError) -> any Store {
    let isHost = !usesAgentStore && rank == 0
    do throws(StoreError) {
      return try TCPStore(
        host: masterAddress, port: masterPort, isHost: isHost, worldSize: worldSize,
        // A client always counts itself in: its host may be Python's, and wait.
        waitsForWorkers: waitsForWorkers || !isHost, timeout: timeout)
    } catch {
      throw StoreError(
        code: error.code, message: error.message, rank: rank, cause: error.cause)
    }
  }
}
