/// A position in an epoch: an offset in the order that is common to all ranks.
///
/// In every step the ranks together consume the next samples of that order. So the first `consumed`
/// samples have been seen, whatever the world size was. The rest can be distributed over any number
/// of ranks, and every sample is seen exactly once.
public struct SamplerPosition: Codable, Hashable, Sendable {
  /// The epoch, counted from 0.
  public private(set) var epoch: Int

  /// The number of samples that all ranks together have consumed in this epoch.
  ///
  /// Padding counts: beyond ``datasetCount``, samples from the start of the order were repeated.
  public private(set) var consumed: Int

  /// The number of samples in the data set.
  public let datasetCount: Int

  /// The shuffle seed of epoch 0, or `nil` for data set order.
  public let seed: Int?

  /// Creates the position at the start of the first epoch.
  ///
  /// - Parameters:
  ///   - datasetCount: The number of samples in the data set.
  ///   - seed: The shuffle seed of epoch 0; `nil` for data set order.
  public init(datasetCount: Int, seed: Int?) {
    self.init(epoch: 0, consumed: 0, datasetCount: datasetCount, seed: seed)
  }

  init(epoch: Int, consumed: Int, datasetCount: Int, seed: Int?) {
    self.epoch = epoch
    self.consumed = consumed
    self.datasetCount = datasetCount
    self.seed = seed
  }

  /// Advances by the number of samples that all ranks together consumed, padding included.
  public mutating func advance(by samples: Int) { consumed += samples }

  /// Moves to the start of the next epoch.
  public mutating func startNextEpoch() {
    epoch += 1
    consumed = 0
  }

  /// Whether no sample of the epoch has been consumed.
  public var isAtStartOfEpoch: Bool { consumed == 0 }

  /// Checks that a saved position belongs to the same data and the same order.
  ///
  /// - Throws: ``DataLoadingError`` with code `mismatch`; the message states the difference.
  public func checkCompatibility(with other: SamplerPosition) throws(DataLoadingError) {
    guard other.datasetCount == datasetCount else {
      let kind = other.datasetCount > datasetCount ? "longer" : "shorter"
      throw DataLoadingError(
        .mismatch,
        "the saved position belongs to a \(kind) data set: it had \(other.datasetCount) samples, "
          + "this one has \(datasetCount). Resume with the same data, or start over in another "
          + "folder"
      )
    }
    guard other.seed == seed else {
      func name(_ seed: Int?) -> String { seed.map { "shuffled with seed \($0)" } ?? "in order" }
      throw DataLoadingError(
        .mismatch,
        "the saved position belongs to samples \(name(other.seed)), but now they are "
          + "\(name(seed)). "
          + "Resume with the same order, or start over in another folder")
    }
    guard other.epoch >= 0, other.consumed >= 0 else {
      throw DataLoadingError(
        .mismatch,
        "the saved position is invalid: sample \(other.consumed) of epoch \(other.epoch)"
      )
    }
  }
}
