internal import Support
internal import Synchronization

/// Runs `body` once per rank, each on its own thread with an 8 MiB stack, and waits for all.
///
/// - Returns: The result of each rank, in rank order.
package func onRankThreads<Value: Sendable>(
  _ count: Int, _ body: @escaping @Sendable (Int) throws -> Value
) -> [Result<Value, any Error>] {
  let outcomes = Mutex<[Int: Result<Value, any Error>]>([:])
  let threads = (0..<count).map { rank in
    do throws(SystemError) {
      return try NativeThread.start(name: "rank-\(rank)", stackBytes: 8 << 20) {
        let outcome = Result { try body(rank) }
        outcomes.withLock { $0[rank] = outcome }
      }
    } catch {
      fatalError(error.message)
    }
  }
  for thread in threads { thread.join() }
  return outcomes.withLock { outcomes in (0..<count).compactMap { outcomes[$0] } }
}
