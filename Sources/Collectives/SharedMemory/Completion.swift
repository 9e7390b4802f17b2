internal import CSharedMemory
internal import Synchronization

/// A one-time event that threads of this process wait for, with an optional error.
///
/// `@unchecked Sendable`: the pointer never changes, and the word is accessed through atomics.
final class Completion: @unchecked Sendable {
  /// 0: running, 1: finished, 2: running, and a thread sleeps on the word.
  private let state: UnsafeMutablePointer<UInt32>
  private let failure = Mutex<CollectiveError?>(nil)

  init() {
    state = .allocate(capacity: 1)
    state.initialize(to: 0)
  }

  deinit { state.deallocate() }

  var isFinished: Bool { csm_load32(state) == 1 }

  /// The error that the operation finished with.
  var error: CollectiveError? { failure.withLock { $0 } }

  func finish(_ error: CollectiveError?) {
    if let error { failure.withLock { $0 = error } }
    if csm_exchange32(state, 1) == 2 { csm_wake(state) }
  }

  /// Blocks until ``finish(_:)`` is called.
  func wait() {
    while csm_compare_exchange32(state, 0, 2) != 1 { csm_sleep_while(state, 2, 1_000_000_000) }
  }
}
