/// The time at which a wait times out.
package struct Deadline: Sendable {
  /// The time on the monotonic clock.
  package let instant: ContinuousClock.Instant

  /// Creates the deadline `limit` from now; a negative limit counts as zero.
  package init(after limit: Duration) {
    instant = .now + max(limit, .zero)
  }

  /// The time left, never negative.
  package var remaining: Duration {
    max(instant - .now, .zero)
  }

  /// Whether no time is left.
  package var hasPassed: Bool {
    remaining == .zero
  }

  /// The earlier of this deadline and `limit` from now.
  package func capped(at limit: Duration) -> Deadline {
    Deadline(after: min(limit, remaining))
  }
}

extension Duration {
  /// Whole milliseconds for `poll`, rounded up so that a wait never ends early.
  package var pollMilliseconds: Int32 {
    let (seconds, attoseconds) = components
    guard seconds < 2_000_000 else { return 2_000_000_000 }
    let fraction = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return Int32(seconds * 1000 + fraction)
  }
}
