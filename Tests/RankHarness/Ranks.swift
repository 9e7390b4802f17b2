public import CollectiveConformance
public import Collectives
internal import TorchCollectives

/// Returns a function that creates Gloo groups on this host through a store.
public func gloo(_ store: any Store, timeout: Duration = .seconds(30)) -> GroupFactory {
  { name, rank, worldSize in
    try GlooProcessGroup(
      store: PrefixStore(name, store), rank: rank, worldSize: worldSize, timeout: timeout,
      host: "127.0.0.1")
  }
}

/// Runs `body` on each rank of one group and returns the results in the order of the ranks.
///
/// Each rank is a thread; the store is in memory.
///
/// - Parameters:
///   - worldSize: The number of ranks.
///   - backend: Gloo or shared memory.
///   - timeout: The timeout of each collective.
///   - body: The program of a rank.
/// - Returns: A result for each rank.
/// - Throws: The first rank's error.
public func onRanks<Result: Sendable>(
  _ worldSize: Int, over backend: ProcessGroupBackend = .gloo, timeout: Duration = .seconds(30),
  _ body: @escaping @Sendable (any ProcessGroup) throws -> Result
) throws -> [Result] {
  try attemptOnRanks(worldSize, over: backend, timeout: timeout, body).map { try $0.get() }
}

/// Like ``onRanks(_:over:timeout:_:)``, but returns each rank's error instead of throwing the
/// first.
public func attemptOnRanks<Value: Sendable>(
  _ worldSize: Int, over backend: ProcessGroupBackend = .gloo, timeout: Duration = .seconds(30),
  _ body: @escaping @Sendable (any ProcessGroup) throws -> Value
) -> [Result<Value, any Error>] {
  let store = HashStore()
  return onRankThreads(worldSize) { rank in
    let make =
      backend == .sharedMemory
      ? sharedMemory(store, timeout: timeout) : gloo(store, timeout: timeout)
    return try body(make("world", rank, worldSize))
  }
}
