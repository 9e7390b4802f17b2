import Glibc
import Support

/// A value behind a lock that threads can wait on until it changes.
///
/// The standard library's `Mutex` has no condition variable, so this is POSIX's pair of the two.
/// The condition uses the monotonic clock: setting the wall clock neither ends nor stretches a wait.
final class Monitor<State: Sendable>: @unchecked Sendable {
  // Sendable: `state` is touched only between lock and unlock of `mutex`.
  private var state: State
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>

  init(_ state: State) {
    self.state = state
    mutex = .allocate(capacity: 1)
    changed = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(changed, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  /// Runs `body` alone.
  func withLock<R: Sendable, E: Error>(_ body: (inout State) throws(E) -> R) throws(E) -> R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&state)
  }

  /// Runs `body` alone and wakes all that wait.
  func change<R: Sendable, E: Error>(_ body: (inout State) throws(E) -> R) throws(E) -> R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    let result = try body(&state)
    pthread_cond_broadcast(changed)
    return result
  }

  /// Calls `body` now and after every change, until it gives a result or the deadline passes.
  func wait<R: Sendable>(until deadline: Deadline, _ body: (State) -> R?) -> R? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let result = body(state) { return result }
      let remaining = deadline.remaining
      if remaining == .zero { return nil }
      var moment = timespec(monotonicAfter: remaining)
      pthread_cond_timedwait(changed, mutex, &moment)
    }
  }
}

extension timespec {
  /// The monotonic clock's reading `duration` from now, a century at most.
  fileprivate init(monotonicAfter duration: Duration) {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let (seconds, attoseconds) = min(duration, .seconds(3_155_760_000)).components
    let nanoseconds = now.tv_nsec + Int(attoseconds / 1_000_000_000)
    self.init(
      tv_sec: now.tv_sec + Int(seconds) + nanoseconds / 1_000_000_000,
      tv_nsec: nanoseconds % 1_000_000_000)
  }
}
