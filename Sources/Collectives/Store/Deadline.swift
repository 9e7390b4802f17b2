/// The moment at which a wait gives up.
struct Deadline: Sendable {
  let instant: ContinuousClock.Instant

  /// The moment `limit` from now; a negative limit is none at all.
  init(after limit: Duration) {
    instant = .now + max(limit, .zero)
  }

  /// The time left, never negative.
  var remaining: Duration {
    max(instant - .now, .zero)
  }

  var hasPassed: Bool {
    remaining == .zero
  }

  /// The earlier of this moment and `limit` from now.
  func capped(at limit: Duration) -> Deadline {
    Deadline(after: min(limit, remaining))
  }
}

extension Duration {
  /// Whole milliseconds, rounded up so that a wait never ends early, as `poll` takes them.
  var pollMilliseconds: Int32 {
    let (seconds, attoseconds) = components
    guard seconds < 2_000_000 else { return 2_000_000_000 }
    let fraction = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return Int32(seconds * 1000 + fraction)
  }
}
