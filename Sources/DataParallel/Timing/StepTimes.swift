internal import Glibc

/// When the parts of one training step began and ended, in nanoseconds of the monotonic clock.
struct StepTimes {
  /// A bucket's way; 0 for what has not happened.
  struct Bucket {
    /// All gradients are in the bucket.
    var ready = 0
    /// Its reduction has been started, after those of the buckets before it.
    var started = 0
    /// Its reduction was first seen to be over: at most one gradient later than it was.
    var done = 0
  }

  var forwardStart = 0
  var forwardEnd = 0
  /// Backward has no hook at its start: this is the first gradient.
  var firstGradient = 0
  var computeEnd = 0
  var end = 0
  var buckets: [Bucket] = []

  /// PyTorch counts backward from the end of forward, with the loss in it.
  var forward: Int { forwardEnd - forwardStart }
  var backward: Int { computeEnd - forwardEnd }

  /// From the first start to the last end of a reduction.
  var communication: Int {
    let starts = buckets.map(\.started).filter { $0 > 0 }
    guard let first = starts.min(), let last = buckets.map(\.done).max() else { return 0 }
    return max(0, last - first)
  }

  /// From the first start of a reduction to the end of computing, as PyTorch measures it.
  var overlap: Int {
    guard let first = buckets.map(\.started).filter({ $0 > 0 }).min() else { return 0 }
    return max(0, min(computeEnd, buckets.map(\.done).max() ?? 0) - first)
  }

  static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
