public import Collectives

extension ProcessGroup {
  /// Gathers per-sample results from all ranks in data set order.
  ///
  /// Expects the shares of `EvaluationSampler`: rank `r` of `R` holds the samples `r`, `r + R`,
  /// `r + 2R` and so on.
  ///
  /// - Parameters:
  ///   - local: One element for each sample of this rank, in the sampler's order.
  ///   - count: The number of samples on all ranks together.
  /// - Returns: One element for each sample, the same on every rank.
  /// - Throws: ``CollectiveError`` if a peer is lost or times out, or, with code `mismatch`, if a
  ///   rank's number of results differs from its share.
  public func gatherInOrder<Element: CollectiveElement>(
    _ local: [Element], count: Int
  ) throws(CollectiveError) -> [Element] {
    let shares = try allGather(local)
    for (rank, share) in shares.enumerated() {
      let expected = max(0, (count - rank + worldSize - 1) / worldSize)
      guard share.count == expected else {
        throw CollectiveError(
          .mismatch,
          "rank \(rank) has results for \(share.count) samples, but its share of \(count) is "
            + "\(expected): evaluate each sample of the rank's EvaluationSampler exactly once")
      }
    }
    return (0..<count).map { shares[$0 % worldSize][$0 / worldSize] }
  }
}
