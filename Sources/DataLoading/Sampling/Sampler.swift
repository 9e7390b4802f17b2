import Support

/// Decides which samples of a data set one process sees in an epoch, and in which order.
public protocol Sampler: Sendable {
  /// The number of indices in an epoch.
  var count: Int { get }

  /// Returns the indices of the epoch in order; the same ones each time.
  func indices() -> [Int]
}

/// A sampler whose order depends on the epoch, and that can start in the middle of one.
public protocol EpochSampler: Sampler {
  /// Chooses the epoch, counted from 0, and starts it at its beginning. Without it every epoch has the
  /// same order.
  mutating func setEpoch(_ epoch: Int)

  /// Where the sampler starts.
  var position: SamplerPosition { get }

  /// Chooses the epoch and the place in it to start at; ``Sampler/count`` and ``Sampler/indices()``
  /// are of what remains of it.
  ///
  /// - Throws: ``DataLoadingError`` with code `mismatch` when the position is one in other data or in
  ///   another order.
  mutating func setPosition(_ position: SamplerPosition) throws(DataLoadingError)
}

/// All samples in their order.
public struct SequentialSampler: Sampler {
  /// The number of samples.
  public let count: Int

  /// Creates a sampler of `count` samples.
  public init(count: Int) {
    precondition(count >= 0, "a data set cannot have \(count) samples")
    self.count = count
  }

  /// Returns the numbers from 0 up to `count`.
  public func indices() -> [Int] { Array(0..<count) }
}

/// All samples, shuffled anew in each epoch.
///
/// Epoch `e` has the order of `torch.randperm` with the seed `seed + e`, so it is the same as a
/// ``DistributedSampler`` for one rank.
public struct RandomSampler: EpochSampler {
  /// Where the sampler starts.
  public private(set) var position: SamplerPosition
  private let seed: Int

  /// Creates a sampler of `count` samples.
  public init(count: Int, seed: Int = 0) {
    precondition(count >= 0, "a data set cannot have \(count) samples")
    self.seed = seed
    position = SamplerPosition(datasetCount: count, seed: seed)
  }

  /// The number of samples that remain of the epoch.
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

  /// Returns the numbers from 0 up to the data set's count, shuffled, from the position on.
  public func indices() -> [Int] {
    Array(
      randomPermutation(position.datasetCount, seed: seed &+ position.epoch)
        .dropFirst(position.consumed))
  }
}
