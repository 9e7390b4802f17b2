/// Decides which samples of a data set one process sees in an epoch, and in which order.
public protocol Sampler: Sendable {
  /// The number of indices in an epoch.
  var count: Int { get }

  /// Returns the indices of the epoch in order; the same ones each time.
  func indices() -> [Int]
}

/// A sampler whose order depends on the epoch.
public protocol EpochSampler: Sampler {
  /// Chooses the epoch, counted from 0. Without it every epoch has the same order.
  mutating func setEpoch(_ epoch: Int)
}

/// All samples in their order.
public struct SequentialSampler: Sampler {
  /// The number of samples.
  public let count: Int

  /// Creates a sampler of `count` samples.
  public init(count: Int) {
    precondition(count >= 0, "a data set of \(count) samples")
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
  /// The number of samples.
  public let count: Int
  private let seed: Int
  private var epoch = 0

  /// Creates a sampler of `count` samples.
  public init(count: Int, seed: Int = 0) {
    precondition(count >= 0, "a data set of \(count) samples")
    self.count = count
    self.seed = seed
  }

  /// Chooses the epoch, counted from 0.
  public mutating func setEpoch(_ epoch: Int) { self.epoch = epoch }

  /// Returns the numbers from 0 up to `count`, shuffled.
  public func indices() -> [Int] { randomPermutation(count, seed: seed &+ epoch) }
}
