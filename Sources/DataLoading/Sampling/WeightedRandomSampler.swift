import Support

/// Samples drawn with replacement in proportion to their weights: PyTorch's
/// `WeightedRandomSampler`.
///
/// The draws equal those of `torch.multinomial` with float64 weights and a generator seeded with
/// `seed + epoch`.
public struct WeightedRandomSampler: EpochSampler {
  /// The position at which the sampler starts; its `datasetCount` is the number of draws.
  public private(set) var position: SamplerPosition

  /// The cumulative weights, normalized so that the last one is 1.
  private let sums: [Double]
  private let seed: Int

  /// Creates a sampler.
  ///
  /// - Parameters:
  ///   - weights: The weight of each sample, 0 or more; they need not sum to 1.
  ///   - count: The number of draws in an epoch.
  ///   - seed: The seed of epoch 0.
  /// - Throws: ``DataLoadingError`` with code `invalidArgument` if a weight is negative or not
  ///   finite, or if all are 0.
  public init(weights: [Double], count: Int, seed: Int = 0) throws(DataLoadingError) {
    guard count >= 0 else {
      throw DataLoadingError(.invalidArgument, "the number of draws is \(count); use 0 or more")
    }
    if let index = weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw DataLoadingError(
        .invalidArgument,
        "the weight of sample \(index) is \(weights[index]); use finite weights of 0 or more")
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

  /// The number of draws remaining in the epoch.
  public var count: Int { max(0, position.datasetCount - position.consumed) }

  /// Sets the epoch, counted from 0.
  public mutating func setEpoch(_ epoch: Int) {
    position = SamplerPosition(
      epoch: epoch, consumed: 0, datasetCount: position.datasetCount, seed: seed)
  }

  /// Sets the epoch and the start position within it.
  public mutating func setPosition(_ position: SamplerPosition) throws(DataLoadingError) {
    try self.position.checkCompatibility(with: position)
    self.position = position
  }

  /// Returns the drawn samples from the position on.
  public func indices() -> [Int] { Array(draws().dropFirst(position.consumed)) }

  /// Returns how often each drawn sample was drawn before in the epoch.
  public func repetitions() -> [Int] {
    var counts: [Int: Int] = [:]
    let repetitions = draws().map { sample in
      defer { counts[sample, default: 0] += 1 }
      return counts[sample, default: 0]
    }
    return Array(repetitions.dropFirst(position.consumed))
  }

  /// Returns all draws of the epoch.
  private func draws() -> [Int] {
    var generator = MersenneTwister(seed: seed &+ position.epoch)
    return (0..<position.datasetCount).map { _ in
      // 53 random bits give a float64 in [0, 1), as in PyTorch's uniform_real_distribution.
      draw(Double(generator.random64() & (1 << 53 - 1)) * 0x1p-53)
    }
  }

  /// Returns the first sample whose cumulative weight is at least `number`, which is in [0, 1).
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
