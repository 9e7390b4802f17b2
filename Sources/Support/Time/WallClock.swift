import Glibc

/// The time of day, which machines agree on only approximately.
package enum WallClock {
  /// Seconds since 1970-01-01 00:00 UTC.
  package static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
