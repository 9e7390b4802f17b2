import Glibc

/// The wall clock, which is only approximately equal on different machines.
package enum WallClock {
  /// Seconds since 1970-01-01 00:00 UTC.
  package static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
