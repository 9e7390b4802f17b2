import Support

/// Samples drawn with replacement, each as often as its weight says: PyTorch's `WeightedRandomSampler`.
///
/// Draw for draw equal to `torch.multinomial` of float64 weights, with the generator seeded with
/// `seed + epoch`.
public struct WeightedRandomSampler: EpochSampler {
  /// Where the sampler starts; its data set is the epoch's draws.
  public private(set) var position: SamplerPosition

  /// Sums of the weights up to each sample, the last one being 1.
  private let sums: [Double]
  private let seed: Int

  /// Creates a sampler.
  ///
  /// - Parameters:
  ///   - weights: The weight of each sample, 0 or more; they need no particular sum.
  ///   - count: The number of draws in an epoch.
  ///   - seed: The seed of epoch 0.
  /// - Throws: ``DataLoadingError`` with code `invalidArgument` if a weight is negative or not finite, or
  ///   if all are 0.
  public init(weights: [Double], count: Int, seed: Int = 0) throws(DataLoadingError) {
    guard count >= 0 else {
      throw DataLoadingError(.invalidArgument, "the number of draws is \(count); use 0 or more")
    }
    if let place = weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw DataLoadingError(
        .invalidArgument,
        "the weight of sample \(place) is \(weights[place]); use finite weights of 0 or more")
    }
    var sum = 0.0
    let sums = weights.map { weight in
      sum += weight
      return sum
    }
    guard sum > 0, sum.isFinite else {
      throw DataLoadingError(
        .invalidArgument,
        "the weights of \(weights.count) samples sum to \(sum); use a positive, finite sum")
    }
    self.sums = sums.map { $0 / sum }
    self.seed = seed
    position = SamplerPosition(datasetCount: count, seed: seed)
  }

  /// The number of draws that remain of the epoch.
  public var count: Int { max(0, position.datasetCount - position.consumed) }

  /// Chooses the epoch, counted from 0.
  public mutating func setEpoch(_ epoch: Int) {
    position = SamplerPosition(
      epoch: epoch, consumed: 0, datasetCount: position.datasetCount, seed: seed)
  }

  /// Chooses the epoch and the place in it to start at.
  public mutating func setPosition(_ position: SamplerPosition) throws(DataLoadingError) {
    try self.position.check(continues: position)
    self.position = position
  }

  /// Returns the samples drawn, from the position on.
  public func indices() -> [Int] {
    var generator = MersenneTwister(seed: seed &+ position.epoch)
    let draws = (0..<position.datasetCount).map { _ in
      // 53 bits make a float64 from 0 up to 1, as in PyTorch's uniform_real_distribution.
      draw(Double(generator.random64() & (1 << 53 - 1)) * 0x1p-53)
    }
    return Array(draws.dropFirst(position.consumed))
  }

  /// The first sample whose sum reaches a number from 0 up to 1.
  private func draw(_ number: Double) -> Int {
    var low = 0
    var high = sums.count - 1
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
