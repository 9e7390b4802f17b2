public import Collectives
internal import Foundation
internal import Synchronization
internal import TorchCollectives

/// Runs `body` once for each rank, each on a thread of its own, in one group over a store in
/// memory, and returns the results in the order of the ranks.
///
/// - Parameters:
///   - worldSize: The number of ranks.
///   - backend: Gloo or shared memory.
///   - timeout: The limit of each collective.
///   - body: What a rank does.
/// - Returns: A result for each rank.
/// - Throws: The first rank's error.
public func onRanks<Result: Sendable>(
  _ worldSize: Int, over backend: ProcessGroupBackend = .gloo, timeout: Duration = .seconds(30),
  _ body: @escaping @Sendable (any ProcessGroup) throws -> Result
) throws -> [Result] {
  try attemptOnRanks(worldSize, over: backend, timeout: timeout, body).map { try $0.get() }
}

/// As ``onRanks(_:over:timeout:_:)``, with the error of each rank in its place.
public func attemptOnRanks<Value: Sendable>(
  _ worldSize: Int, over backend: ProcessGroupBackend = .gloo, timeout: Duration = .seconds(30),
  _ body: @escaping @Sendable (any ProcessGroup) throws -> Value
) -> [Result<Value, any Error>] {
  let store = HashStore()
  let outcomes = Mutex<[Int: Swift.Result<Value, any Error>]>([:])
  let threads = DispatchGroup()
  for rank in 0..<worldSize {
    threads.enter()
    let thread = Thread {
      let outcome = Swift.Result {
        let group: any ProcessGroup =
          backend == .sharedMemory
          ? try SharedMemoryProcessGroup(
            store: store, rank: rank, worldSize: worldSize, timeout: timeout)
          : try GlooProcessGroup(
            store: store, rank: rank, worldSize: worldSize, timeout: timeout, host: "127.0.0.1")
        return try body(group)
      }
      outcomes.withLock { $0[rank] = outcome }
      threads.leave()
    }
    thread.stackSize = 8 << 20
    thread.start()
  }
  threads.wait()
  return outcomes.withLock { all in (0..<worldSize).compactMap { all[$0] } }
}
