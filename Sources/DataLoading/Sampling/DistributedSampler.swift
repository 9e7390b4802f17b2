/// One rank's share of a data set, index for index as PyTorch 2.13's `DistributedSampler`.
///
/// All ranks get equally many samples. If the world size does not divide the data set, samples from
/// the start of the order are seen twice, or with `dropLast` those at its end are not seen in this
/// epoch. For an evaluation that counts every sample once use ``EvaluationSampler``.
public struct DistributedSampler: EpochSampler {
  /// The number of indices for this rank.
  public let count: Int

  private let datasetCount: Int
  private let worldSize: Int
  private let rank: Int
  private let shuffle: Bool
  private let seed: Int
  private var epoch = 0

  /// Creates the sampler of one rank.
  ///
  /// - Parameters:
  ///   - count: The number of samples in the data set.
  ///   - worldSize: The number of ranks.
  ///   - rank: This process's rank.
  ///   - shuffle: Shuffles all samples anew in each epoch, before they are shared out.
  ///   - seed: The seed of epoch 0; the same on all ranks. Epoch `e` uses `seed + e`.
  ///   - dropLast: Leaves out the samples that cannot be shared out evenly.
  /// - Throws: ``DataLoadingError`` with code `invalidArgument`. A world size larger than the data
  ///   set is no error: samples repeat, or with `dropLast` every rank has none.
  public init(
    count: Int, worldSize: Int, rank: Int, shuffle: Bool = true, seed: Int = 0,
    dropLast: Bool = false
  ) throws(DataLoadingError) {
    try checkShare(count: count, worldSize: worldSize, rank: rank)
    datasetCount = count
    self.worldSize = worldSize
    self.rank = rank
    self.shuffle = shuffle
    self.seed = seed
    self.count = dropLast ? count / worldSize : (count + worldSize - 1) / worldSize
  }

  /// Chooses the epoch, counted from 0.
  public mutating func setEpoch(_ epoch: Int) { self.epoch = epoch }

  /// Returns every `worldSize`-th index of the order that all ranks share, from `rank` on.
  public func indices() -> [Int] {
    guard count > 0 else { return [] }
    let order = shuffle ? randomPermutation(datasetCount, seed: seed &+ epoch) : nil
    return (0..<count).map { step in
      let place = (rank + step * worldSize) % datasetCount
      return order?[place] ?? place
    }
  }
}

/// One rank's share of a data set for an exact evaluation: every sample on one rank, once.
///
/// Rank `r` of `R` gets `r`, `r + R`, `r + 2R` and so on; the shares differ by one sample at most. So
/// the ranks may make different numbers of steps: gather results when all are done rather than at
/// each step.
public struct EvaluationSampler: Sampler {
  /// The number of indices for this rank.
  public let count: Int
  private let worldSize: Int
  private let rank: Int

  /// Creates the sampler of one rank.
  ///
  /// - Parameters:
  ///   - count: The number of samples in the data set.
  ///   - worldSize: The number of ranks.
  ///   - rank: This process's rank.
  /// - Throws: ``DataLoadingError`` with code `invalidArgument`. A rank that has no sample is no
  ///   error.
  public init(count: Int, worldSize: Int, rank: Int) throws(DataLoadingError) {
    try checkShare(count: count, worldSize: worldSize, rank: rank)
    self.count = (count - rank + worldSize - 1) / worldSize
    self.worldSize = worldSize
    self.rank = rank
  }

  /// Returns every `worldSize`-th index, from `rank` on.
  public func indices() -> [Int] { (0..<count).map { rank + $0 * worldSize } }
}

private func checkShare(count: Int, worldSize: Int, rank: Int) throws(DataLoadingError) {
  guard count >= 0 else {
    throw DataLoadingError(.invalidArgument, "a data set cannot have \(count) samples")
  }
  guard worldSize >= 1 else {
    throw DataLoadingError(
      .invalidArgument, "the world size is \(worldSize); it is the number of ranks, at least 1")
  }
  guard 0..<worldSize ~= rank else {
    throw DataLoadingError(
      .invalidArgument,
      "invalid rank \(rank): with \(worldSize) ranks it is in the interval [0, \(worldSize - 1)]")
  }
}
