import Support
import Synchronization

/// A call that runs on its own thread, because a store's calls block.
final class ThreadCall<R: Sendable>: Sendable {
  private let result = Monitor<Result<R, any Error>?>(nil)

  init(_ body: @escaping @Sendable () throws -> R) {
    do throws(SystemError) {
      try NativeThread.start { [result] in
        let outcome = Result { try body() }
        result.change { $0 = outcome }
      }.detach()
    } catch {
      fatalError(error.message)
    }
  }

  /// Whether the call has returned.
  var hasReturned: Bool { result.withLock { $0 != nil } }

  /// Waits for the call; returns its result or throws its error.
  func value() throws -> R { try result.wait { $0 }.get() }
}

/// Runs `body` on `count` threads at once and returns their results, by index.
func onThreads<R: Sendable>(
  _ count: Int, _ body: @escaping @Sendable (Int) throws -> R
) throws -> [R] {
  let calls = (0..<count).map { index in ThreadCall { try body(index) } }
  return try calls.map { try $0.value() }
}
