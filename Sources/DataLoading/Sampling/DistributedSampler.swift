import Support

/// One rank's share of a data set; yields the same indices as PyTorch 2.13's `DistributedSampler`.
///
/// All ranks get the same number of samples. If the world size does not divide the data set,
/// samples from the start of the order are repeated; with `dropLast`, samples at its end are
/// dropped instead. For an evaluation that counts every sample once, use ``EvaluationSampler``.
///
/// An epoch can be interrupted and resumed with a different world size:
///
/// ```swift
/// var position = sampler.position
/// position.advance(by: samplesOfAllRanks)           // after each step; save it
/// try samplerOfTheNextRun.setPosition(position)
/// ```
///
/// The remaining samples are redistributed over the ranks, so every sample is seen once in the
/// epoch. Without `dropLast`, the last index of up to `worldSize - 1` ranks is padding, which
/// repeats a sample. ``paddingCount`` reports it: a loop that gives padding the weight 0 counts
/// every sample exactly once. With `dropLast` there is no padding, and fewer than `worldSize`
/// samples are dropped.
public struct DistributedSampler: EpochSampler {
  /// The position at which the sampler starts.
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
  ///   - shuffle: Whether to shuffle all samples in each epoch, before distributing them.
  ///   - seed: The seed of epoch 0; the same on all ranks. Epoch `e` uses `seed + e`.
  ///   - dropLast: Whether to drop samples that cannot be distributed evenly.
  /// - Throws: ``DataLoadingError`` with code `invalidArgument`. A world size larger than the data
  ///   set is not an error: samples repeat, or with `dropLast` every rank has none.
  public init(
    count: Int, worldSize: Int, rank: Int, shuffle: Bool = true, seed: Int = 0,
    dropLast: Bool = false
  ) throws(DataLoadingError) {
    try checkArguments(count: count, worldSize: worldSize, rank: rank)
    position = SamplerPosition(datasetCount: count, seed: shuffle ? seed : nil)
    self.worldSize = worldSize
    self.rank = rank
    self.dropLast = dropLast
  }

  /// Creates the sampler of one rank that groups samples of similar length to reduce padding.
  ///
  /// The order is that of Hugging Face's `group_by_length`: shuffled, then sorted by length within
  /// blocks of up to 50 batches. The longest sample comes first, so that out-of-memory errors occur
  /// immediately.
  ///
  /// - Parameters:
  ///   - lengths: The length of each sample.
  ///   - batchSize: The global batch size: the number of samples per step on all ranks together.
  ///   - worldSize: The number of ranks.
  ///   - rank: This process's rank.
  ///   - seed: The seed of epoch 0; the same on all ranks. Epoch `e` uses `seed + e`.
  ///   - dropLast: Whether to drop samples that cannot be distributed evenly.
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

  /// The number of this rank's remaining indices in the epoch; the same for all ranks.
  public var count: Int {
    let remaining = max(0, position.datasetCount - position.consumed)
    return dropLast ? remaining / worldSize : (remaining + worldSize - 1) / worldSize
  }

  /// The number of padding indices at the end of this rank's share: 0 or 1.
  public var paddingCount: Int {
    let last = position.consumed + rank + (count - 1) * worldSize
    return count > 0 && last >= position.datasetCount ? 1 : 0
  }

  /// Sets the epoch, counted from 0.
  public mutating func setEpoch(_ epoch: Int) {
    position = SamplerPosition(
      epoch: epoch, consumed: 0, datasetCount: position.datasetCount, seed: position.seed)
  }

  /// Sets the epoch and the start position within it; the same on all ranks.
  public mutating func setPosition(_ position: SamplerPosition) throws(DataLoadingError) {
    try self.position.checkCompatibility(with: position)
    self.position = position
  }

  /// Returns every `worldSize`-th index of the common order, starting at the position plus `rank`.
  public func indices() -> [Int] {
    guard count > 0 else { return [] }
    let datasetCount = position.datasetCount
    let order = position.seed.map { seed in
      let shuffled = randomPermutation(datasetCount, seed: seed &+ position.epoch)
      return groups?.order(shuffled) ?? shuffled
    }
    return (0..<count).map { step in
      let offset = (position.consumed + rank + step * worldSize) % datasetCount
      return order?[offset] ?? offset
    }
  }
}

/// One rank's share of a data set for exact evaluation, in which every sample counts once.
///
/// Rank `r` of `R` gets `r`, `r + R`, `r + 2R` and so on. Shares may differ by one sample, so ranks
/// may run different numbers of steps: gather results after the last step, not after each one.
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
  /// - Throws: ``DataLoadingError`` with code `invalidArgument`. A rank without samples is not an
  ///   error.
  public init(count: Int, worldSize: Int, rank: Int) throws(DataLoadingError) {
    try checkArguments(count: count, worldSize: worldSize, rank: rank)
    self.count = (count - rank + worldSize - 1) / worldSize
    self.worldSize = worldSize
    self.rank = rank
  }

  /// Returns every `worldSize`-th index, starting at `rank`.
  public func indices() -> [Int] { (0..<count).map { rank + $0 * worldSize } }
}

private func checkArguments(count: Int, worldSize: Int, rank: Int) throws(DataLoadingError) {
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
