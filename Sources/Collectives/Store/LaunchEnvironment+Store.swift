public import Worker

extension LaunchEnvironment {
  /// Connects to the job's store, like PyTorch's `env://` rendezvous.
  ///
  /// If the launcher runs a store, every rank is a client of it. Otherwise rank 0 runs it at
  /// ``masterPort`` and waits until all ranks have connected. Blocks the calling thread until
  /// connected.
  ///
  /// - Parameters:
  ///   - timeout: The time limit for all ranks to connect, and the default timeout of later calls.
  ///   - waitsForWorkers: Whether rank 0, if it runs the store, waits until all ranks have
  ///     connected. It counts them but cannot name the missing ones; a later operation on the store
  ///     may be able to.
  /// - Returns: A ``TCPStore`` without a prefix: PyTorch prefixes its group's keys with
  ///   `default_pg/`. If rank 0 runs the server, the server ends with this object: retain it until
  ///   all ranks are done.
  /// - Throws: ``StoreError``, like
  ///   ``TCPStore/init(host:port:isHost:worldSize:waitsForWorkers:timeout:)``, with this worker's
  ///   rank.
  public func makeStore(
    timeout: Duration = .seconds(300), waitsForWorkers: Bool = true
  ) throws(StoreError) -> any Store {
    let isHost = !usesAgentStore && rank == 0
    do throws(StoreError) {
      return try TCPStore(
        host: masterAddress, port: masterPort, isHost: isHost, worldSize: worldSize,
        // A client always registers, because a host in Python may wait for it.
        waitsForWorkers: waitsForWorkers || !isHost, timeout: timeout)
    } catch {
      throw StoreError(
        code: error.code, message: error.message, rank: rank, cause: error.cause)
    }
  }
}
