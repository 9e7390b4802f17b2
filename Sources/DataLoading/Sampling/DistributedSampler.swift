import Support

/// One rank's share of a data set, index for index as PyTorch 2.13's `DistributedSampler`.
///
/// All ranks get equally many samples. If the world size does not divide the data set, samples from
/// the start of the order are seen twice, or with `dropLast` those at its end are not seen in this
/// epoch. For an evaluation that counts every sample once use ``EvaluationSampler``.
///
/// An epoch can be left in its middle and be gone on with by another number of ranks:
///
/// ```swift
/// var position = sampler.position
/// position.advance(by: samplesOfAllRanks)           // after each step; to be kept
/// try samplerOfTheNextRun.setPosition(position)
/// ```
///
/// What remains is dealt out anew, so over the whole epoch every sample is seen exactly once. Beyond
/// that there is the padding of the epoch's last samples, fewer than the number of ranks that finish
/// it; a rank has at most one, its last, and ``paddingCount`` says so: a loop that gives it the weight
/// 0 counts every sample exactly once. With `dropLast` there is no padding, and fewer samples than
/// ranks are left out.
public struct DistributedSampler: EpochSampler {
  /// Where the sampler starts.
  public private(set) var position: SamplerPosition

  private let worldSize: Int
  private let rank: Int
  private let dropLast: Bool
  private var groups: LengthGroups?

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
    position = SamplerPosition(datasetCount: count, seed: shuffle ? seed : nil)
    self.worldSize = worldSize
    self.rank = rank
    self.dropLast = dropLast
  }

  /// Creates the sampler of one rank that puts samples of about equal length together, so that batches
  /// need little padding.
  ///
  /// The order is that of Hugging Face's `group_by_length`: shuffled, then sorted by length within
  /// blocks of up to 50 batches, the longest sample first of all, so that memory runs out at once if it
  /// does.
  ///
  /// - Parameters:
  ///   - lengths: The length of each sample.
  ///   - batchSize: The number of samples that all ranks together take in a step.
  ///   - worldSize: The number of ranks.
  ///   - rank: This process's rank.
  ///   - seed: The seed of epoch 0; the same on all ranks. Epoch `e` uses `seed + e`.
  ///   - dropLast: Leaves out the samples that cannot be shared out evenly.
  /// - Throws: ``DataLoadingError`` with code `invalidArgument`.
  public init(
    groupedBy lengths: [Int], batchSize: Int, worldSize: Int = 1, rank: Int = 0, seed: Int = 0,
    dropLast: Bool = false
  ) throws(DataLoadingError) {
    try self.init(
      count: lengths.count, worldSize: worldSize, rank: rank, seed: seed, dropLast: dropLast)
    guard batchSize >= 1 else {
      throw DataLoadingError(
        .invalidArgument, "the batch size is \(batchSize); a batch needs at least 1 sample")
    }
    groups = LengthGroups(lengths: lengths, batchSize: batchSize)
  }

  /// The number of indices for this rank that remain of the epoch; the same for all ranks.
  public var count: Int {
    let remaining = max(0, position.datasetCount - position.consumed)
    return dropLast ? remaining / worldSize : (remaining + worldSize - 1) / worldSize
  }

  /// How many of this rank's indices, at their end, are samples that others see too: 0 or 1.
  public var paddingCount: Int {
    let last = position.consumed + rank + (count - 1) * worldSize
    return count > 0 && last >= position.datasetCount ? 1 : 0
  }

  /// Chooses the epoch, counted from 0.
  public mutating func setEpoch(_ epoch: Int) {
    position = SamplerPosition(
      epoch: epoch, consumed: 0, datasetCount: position.datasetCount, seed: position.seed)
  }

  /// Chooses the epoch and the place in it to start at; the same on all ranks.
  public mutating func setPosition(_ position: SamplerPosition) throws(DataLoadingError) {
    try self.position.check(continues: position)
    self.position = position
  }

  /// Returns every `worldSize`-th index of the order that all ranks share, from the position and
  /// `rank` on.
  public func indices() -> [Int] {
    guard count > 0 else { return [] }
    let datasetCount = position.datasetCount
    let order = position.seed.map { seed in
      let shuffled = randomPermutation(datasetCount, seed: seed &+ position.epoch)
      return groups?.order(shuffled) ?? shuffled
    }
    return (0..<count).map { step in
      let place = (position.consumed + rank + step * worldSize) % datasetCount
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
      .invalidArgument, "the world size is \(worldSize); it must be at least 1")
  }
  guard 0..<worldSize ~= rank else {
    throw DataLoadingError(
      .invalidArgument,
      "invalid rank \(rank): with \(worldSize) ranks it must be in [0, \(worldSize - 1)]")
  }
}
