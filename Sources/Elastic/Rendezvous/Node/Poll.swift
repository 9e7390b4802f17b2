import Glibc

/// Waiting for a descriptor.
enum Poll {
  /// Whether a descriptor became ready within a time.
  static func wait(_ descriptor: Int32, _ events: Int32, _ limit: Duration) -> Bool {
    let end = ContinuousClock.now + limit
    while true {
      var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      let count = poll(&entry, 1, milliseconds(until: end))
      if count > 0 { return true }
      if count == 0 || errno != EINTR { return false }
    }
  }

  /// Lets the thread sleep.
  static func sleep(_ duration: Duration) { usleep(UInt32(duration / .microseconds(1))) }

  /// The time until a moment as `poll` takes it: rounded up, never negative.
  static func milliseconds(until end: ContinuousClock.Instant) -> Int32 {
    let left = max(.zero, ContinuousClock.now.duration(to: end)) / .milliseconds(1)
    return Int32(min(left.rounded(.up), 2_000_000_000))
  }
}
