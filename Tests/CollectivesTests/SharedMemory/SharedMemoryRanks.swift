import Collectives

/// Runs `body` once per rank, each on its own thread, in one group over a store in memory.
func onSharedRanks<Value: Sendable>(
  _ worldSize: Int, timeout: Duration = .seconds(30),
  _ body: @escaping @Sendable (SharedMemoryProcessGroup) throws -> Value
) -> [Result<Value, any Error>] {
  let store = HashStore(timeout: .seconds(30))
  return onRankThreads(worldSize) { rank in
    try body(
      try SharedMemoryProcessGroup(
        store: store, rank: rank, worldSize: worldSize, timeout: timeout))
  }
}
