import Support

/// Chooses the samples that a process sees in an epoch, and their order.
public protocol Sampler: Sendable {
  /// The number of indices in an epoch.
  var count: Int { get }

  /// Returns the indices of the epoch in order; repeated calls return the same indices.
  func indices() -> [Int]
}

/// A sampler whose order depends on the epoch, and that can start within an epoch.
public protocol EpochSampler: Sampler {
  /// Sets the epoch, counted from 0, and starts at its beginning.
  ///
  /// Without this call, every epoch has the same order.
  mutating func setEpoch(_ epoch: Int)

  /// The position at which the sampler starts.
  var position: SamplerPosition { get }

  /// Sets the epoch and the start position within it.
  ///
  /// ``Sampler/count`` and ``Sampler/indices()`` then cover the rest of the epoch.
  ///
  /// - Throws: ``DataLoadingError`` with code `mismatch` if the position belongs to different data
  ///   or a different order.
  mutating func setPosition(_ position: SamplerPosition) throws(DataLoadingError)

  /// Returns how often each of ``Sampler/indices()`` was drawn before in the epoch, also before the
  /// position.
  ///
  /// Distinguishes the random numbers of a sample that is drawn several times. The default is 0 for
  /// each index, for samplers without replacement.
  func repetitions() -> [Int]
}

extension EpochSampler {
  /// Returns 0 for each index.
  public func repetitions() -> [Int] { Array(repeating: 0, count: count) }
}

/// All samples in data set order.
public struct SequentialSampler: Sampler {
  /// The number of samples.
  public let count: Int

  /// Creates a sampler of `count` samples, 0 or more.
  public init(count: Int, file: StaticString = #fileID, line: UInt = #line) {
    requireCount(count, file: file, line: line)
    self.count = count
  }

  /// Returns the indices `0..<count`.
  public func indices() -> [Int] { Array(0..<count) }
}

/// All samples, shuffled in each epoch.
///
/// Epoch `e` has the order of `torch.randperm` with the seed `seed + e`. A ``DistributedSampler``
/// with one rank has the same order.
public struct RandomSampler: EpochSampler {
  /// The position at which the sampler starts.
  public private(set) var position: SamplerPosition
  private let seed: Int

  /// Creates a sampler of `count` samples, 0 or more.
  public init(
    count: Int, seed: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) {
    requireCount(count, file: file, line: line)
    self.seed = seed
    position = SamplerPosition(datasetCount: count, seed: seed)
  }

  /// The number of samples remaining in the epoch.
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

  /// Returns the shuffled indices from the position on.
  public func indices() -> [Int] {
    Array(
      randomPermutation(position.datasetCount, seed: seed &+ position.epoch)
        .dropFirst(position.consumed))
  }
}

private func requireCount(_ count: Int, file: StaticString, line: UInt) {
  require(
    count >= 0, "a data set cannot have \(count) samples; use 0 or more", file: file, line: line)
}
