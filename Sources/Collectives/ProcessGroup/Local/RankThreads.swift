internal import Glibc
internal import Synchronization

/// Runs `body` for each of `count` ranks, each on a thread of its own with 8 MiB of stack, and returns
/// when all have ended.
package func onRankThreads<Value: Sendable>(
  _ count: Int, _ body: @escaping @Sendable (Int) throws -> Value
) -> [Result<Value, any Error>] {
  let outcomes = Mutex<[Int: Result<Value, any Error>]>([:])
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  pthread_attr_setstacksize(&attributes, 8 << 20)
  defer { pthread_attr_destroy(&attributes) }
  let threads = (0..<count).map { rank in
    let main = ThreadMain {
      let outcome = Result { try body(rank) }
      outcomes.withLock { $0[rank] = outcome }
    }
    var thread = pthread_t()
    let error = pthread_create(
      &thread, &attributes,
      { context in
        guard let context else { return nil }
        Unmanaged<ThreadMain>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(main).toOpaque())
    precondition(error == 0, "cannot make a thread: \(String(cString: strerror(error)))")
    return thread
  }
  for thread in threads { pthread_join(thread, nil) }
  return outcomes.withLock { outcomes in (0..<count).compactMap { outcomes[$0] } }
}

private final class ThreadMain {
  let run: () -> Void
  init(_ run: @escaping () -> Void) { self.run = run }
}
