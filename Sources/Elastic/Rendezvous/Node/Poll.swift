import Glibc
import Support

/// Waits for a descriptor, or for a time.
enum Poll {
  /// Waits until a descriptor is ready; returns `false` if the limit passes first.
  static func wait(_ descriptor: Int32, _ events: Int32, _ limit: Duration) -> Bool {
    let deadline = Deadline(after: limit)
    while true {
      var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      let count = poll(&entry, 1, deadline.remaining.pollMilliseconds)
      if count > 0 { return true }
      if count == 0 || errno != EINTR { return false }
    }
  }

  /// Suspends the calling thread.
  static func sleep(_ duration: Duration) { usleep(UInt32(duration / .microseconds(1))) }
}
