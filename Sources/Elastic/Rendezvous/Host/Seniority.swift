/// Which of two hosts of one job has to give way when they learn of each other.
///
/// One whose workers run goes before one that waits for nodes; of two that run the one that took over
/// last; of two that wait the one with the lower rank.
package struct Seniority: Codable, Sendable, Hashable, Comparable {
  package var isRunning: Bool
  package var term: Int
  package var rank: Int

  package init(isRunning: Bool, term: Int, rank: Int) {
    self.isRunning = isRunning
    self.term = term
    self.rank = rank
  }

  package static func < (one: Seniority, other: Seniority) -> Bool {
    if one.isRunning != other.isRunning { return other.isRunning }
    return one.isRunning ? one.term < other.term : one.rank > other.rank
  }
}

extension Coordinator {
  /// What it has to say for itself.
  package var seniority: Seniority {
    let isWaiting = if case .gathering = phase { true } else { false }
    return Seniority(isRunning: !isWaiting, term: term, rank: ownRank)
  }
}
