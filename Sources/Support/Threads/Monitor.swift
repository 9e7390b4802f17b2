import Glibc

/// A value behind a lock, with a condition variable that threads wait on until the value changes.
///
/// The standard library's `Mutex` has no condition variable. This one uses the monotonic clock, so
/// setting the wall clock neither ends nor prolongs a wait.
///
/// `@unchecked Sendable`: `state` is read and written with `mutex` held.
package final class Monitor<State: Sendable>: @unchecked Sendable {
  private var state: State
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>

  /// Creates a monitor that holds `state`.
  package init(_ state: State) {
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

  /// Runs `body` with the lock held, without waking waiting threads.
  package func withLock<R: Sendable, E: Error>(
    _ body: (inout State) throws(E) -> R
  ) throws(E) -> R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&state)
  }

  /// Runs `body` with the lock held and wakes all waiting threads.
  package func change<R: Sendable, E: Error>(
    _ body: (inout State) throws(E) -> R
  ) throws(E) -> R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    let result = try body(&state)
    pthread_cond_broadcast(changed)
    return result
  }

  /// Wakes all waiting threads, which call their closures again.
  package func wake() { pthread_cond_broadcast(changed) }

  /// Calls `body` now and after each change until it returns a result.
  ///
  /// If `body` changes the state in a way that other threads wait for, call ``wake()`` afterwards.
  ///
  /// - Returns: The result, or `nil` if the deadline passes first.
  package func wait<R: Sendable>(until deadline: Deadline, _ body: (inout State) -> R?) -> R? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let result = body(&state) { return result }
      let remaining = deadline.remaining
      if remaining == .zero { return nil }
      var limit = timespec(monotonicAfter: remaining)
      pthread_cond_timedwait(changed, mutex, &limit)
    }
  }

  /// Calls `body` now and after each change until it returns a result, however long that takes.
  ///
  /// If `body` changes the state in a way that other threads wait for, call ``wake()`` afterwards.
  package func wait<R: Sendable>(_ body: (inout State) -> R?) -> R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let result = body(&state) { return result }
      pthread_cond_wait(changed, mutex)
    }
  }
}

extension timespec {
  /// The monotonic clock's reading `duration` from now, at most a century away.
  init(monotonicAfter duration: Duration) {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let (seconds, attoseconds) = min(duration, .seconds(3_155_760_000)).components
    let nanoseconds = now.tv_nsec + Int(attoseconds / 1_000_000_000)
    self.init(
      tv_sec: now.tv_sec + Int(seconds) + nanoseconds / 1_000_000_000,
      tv_nsec: nanoseconds % 1_000_000_000)
  }
}
