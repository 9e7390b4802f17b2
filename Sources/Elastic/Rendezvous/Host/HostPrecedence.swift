/// The precedence of a host: when two hosts of one job find each other, the lower one yields.
///
/// A host whose workers run precedes one that waits for nodes. Of two that run, the one with the
/// later term precedes; of two that wait, the one with the lower rank.
package struct HostPrecedence: Codable, Sendable, Hashable, Comparable {
  package var isRunning: Bool
  package var term: Int
  package var rank: Int

  package init(isRunning: Bool, term: Int, rank: Int) {
    self.isRunning = isRunning
    self.term = term
    self.rank = rank
  }

  package static func < (one: HostPrecedence, other: HostPrecedence) -> Bool {
    if one.isRunning != other.isRunning { return other.isRunning }
    return one.isRunning ? one.term < other.term : one.rank > other.rank
  }
}

extension Coordinator {
  /// The precedence of this coordinator's host.
  package var precedence: HostPrecedence {
    let isWaiting = if case .gathering = phase { true } else { false }
    return HostPrecedence(isRunning: !isWaiting, term: term, rank: ownRank)
  }
}
