public import Collectives

extension ProcessGroup {
  /// What all ranks found out about their shares of an evaluation, in the order of the data set.
  ///
  /// For the shares of `EvaluationSampler`: rank `r` of `R` has the samples `r`, `r + R`, `r + 2R` and so on.
  ///
  /// - Parameters:
  ///   - mine: One number for each sample of this rank, in its order.
  ///   - count: The number of samples of all ranks.
  /// - Returns: One number for each sample, the same on every rank.
  /// - Throws: ``CollectiveError`` when a peer has gone or is too late, or, with code `mismatch`, if a rank
  ///   has not seen its share exactly once.
  public func gatherInOrder<Element: CollectiveElement>(
    _ mine: [Element], count: Int
  ) throws(CollectiveError) -> [Element] {
    let shares = try allGather(mine)
    for (rank, share) in shares.enumerated() {
      let wanted = max(0, (count - rank + worldSize - 1) / worldSize)
      guard share.count == wanted else {
        throw CollectiveError(
          .mismatch,
          "rank \(rank) has results for \(share.count) samples, but its share of \(count) is \(wanted): "
            + "evaluate each sample of the rank's EvaluationSampler exactly once")
      }
    }
    return (0..<count).map { shares[$0 % worldSize][$0 / worldSize] }
  }
}
