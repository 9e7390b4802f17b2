import Glibc

/// Passes numbered elements from several producer threads to one consumer, in the order of their
/// numbers.
///
/// Its capacity bounds how far producers run ahead of the consumer.
///
/// `@unchecked Sendable`: all state is read and written with `mutex` held.
package final class OrderedQueue<Element: Sendable>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  private let capacity: Int
  private var elements: [Int: Element] = [:]
  private var next = 0
  private var isClosed = false

  /// Creates an empty queue for at most `capacity` waiting elements.
  package init(capacity: Int) {
    self.capacity = capacity
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    changed = .allocate(capacity: 1)
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

  /// Waits until fewer than `capacity` elements precede this one, and adds it.
  ///
  /// The wait ends when the consumer takes an element or closes the queue.
  ///
  /// - Parameters:
  ///   - element: The element.
  ///   - number: Its number, counted from 0; each number is added exactly once.
  /// - Returns: Whether it was added: false when the queue is closed.
  package func put(_ element: Element, at number: Int) -> Bool {
    locked {
      while number >= next + capacity, !isClosed { pthread_cond_wait(changed, mutex) }
      if isClosed { return false }
      elements[number] = element
      pthread_cond_broadcast(changed)
      return true
    }
  }

  /// Waits for the next element and removes it, or returns `nil` after `timeout`.
  package func take(timeout: Duration) -> Element? {
    var deadline = timespec()
    clock_gettime(CLOCK_MONOTONIC, &deadline)
    let (seconds, attoseconds) = timeout.components
    let nanoseconds = deadline.tv_nsec + Int(attoseconds / 1_000_000_000)
    // Capped at a century so that the sum does not overflow.
    deadline.tv_sec += Int(min(seconds, 3_200_000_000)) + nanoseconds / 1_000_000_000
    deadline.tv_nsec = nanoseconds % 1_000_000_000
    return locked {
      while true {
        if let element = elements.removeValue(forKey: next) {
          next += 1
          pthread_cond_broadcast(changed)
          return element
        }
        if pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT, elements[next] == nil {
          return nil
        }
      }
    }
  }

  /// Discards the waiting elements and refuses new ones.
  package func close() {
    locked {
      isClosed = true
      elements = [:]
      pthread_cond_broadcast(changed)
    }
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }
}
