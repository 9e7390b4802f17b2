import Foundation
import Synchronization

/// A call that runs on a thread of its own, because a store's calls block.
final class ThreadCall<R: Sendable>: Sendable {
  private let result = Mutex<Result<R, any Error>?>(nil)
  private let isDone = DispatchSemaphore(value: 0)

  init(_ body: @escaping @Sendable () throws -> R) {
    let thread = Thread { [self] in
      let outcome = Result { try body() }
      result.withLock { $0 = outcome }
      isDone.signal()
    }
    thread.start()
  }

  /// Whether the call has come back yet.
  var hasReturned: Bool { result.withLock { $0 != nil } }

  /// Waits for the call and returns or throws what it did.
  func value() throws -> R {
    isDone.wait()
    isDone.signal()
    guard let outcome = result.withLock({ $0 }) else {
      preconditionFailure("the thread signalled without a result")
    }
    return try outcome.get()
  }
}

/// Runs `body` on `count` threads at once and returns what they return, by index.
func onThreads<R: Sendable>(
  _ count: Int, _ body: @escaping @Sendable (Int) throws -> R
) throws -> [R] {
  let calls = (0..<count).map { index in ThreadCall { try body(index) } }
  return try calls.map { try $0.value() }
}
