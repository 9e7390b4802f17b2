internal import Glibc

/// The start and end of each part of a training step, in nanoseconds of the monotonic clock.
package struct StepTimes {
  /// The times of a bucket; 0 for events that did not happen.
  package struct Bucket {
    /// All gradients are in the bucket.
    package var ready = 0
    /// The reduction was launched, after those of earlier buckets.
    package var started = 0
    /// The reduction was first observed to be complete: at most one gradient later than it was.
    package var done = 0

    package init(ready: Int = 0, started: Int = 0, done: Int = 0) {
      self.ready = ready
      self.started = started
      self.done = done
    }
  }

  package var forwardStart = 0
  package var forwardEnd = 0
  /// The first gradient; autograd has no hook at the start of backward.
  package var firstGradient = 0
  package var computeEnd = 0
  package var end = 0
  package var buckets: [Bucket] = []

  package init() {}

  /// Like PyTorch, backward starts at the end of forward and includes the loss.
  package var forward: Int { forwardEnd - forwardStart }
  package var backward: Int { computeEnd - forwardEnd }

  /// From the start of the first reduction to the end of the last.
  package var communication: Int {
    let starts = buckets.map(\.started).filter { $0 > 0 }
    guard let first = starts.min(), let last = buckets.map(\.done).max() else { return 0 }
    return max(0, last - first)
  }

  /// From the start of the first reduction to the end of computation, as in PyTorch.
  package var overlap: Int {
    guard let first = buckets.map(\.started).filter({ $0 > 0 }).min() else { return 0 }
    return max(0, min(computeEnd, buckets.map(\.done).max() ?? 0) - first)
  }

  package static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
