/// How far an epoch has come: a place in the order that all ranks share.
///
/// In every step all ranks together take the next samples of that order. So the samples seen so far
/// are its first `consumed` ones whatever the number of ranks was, and what remains can be shared out
/// among any number: every sample is seen exactly once.
public struct SamplerPosition: Codable, Hashable, Sendable {
  /// The epoch, counted from 0.
  public private(set) var epoch: Int

  /// How many places of the epoch's order all ranks together have taken.
  ///
  /// Padding counts too: beyond ``datasetCount`` samples from the start of the order were seen again.
  public private(set) var consumed: Int

  /// The number of samples in the data set.
  public let datasetCount: Int

  /// The seed of the order of epoch 0, or `nil` for the order of the data set.
  public let seed: Int?

  /// The start of the first epoch.
  ///
  /// - Parameters:
  ///   - datasetCount: The number of samples in the data set.
  ///   - seed: The seed of the order of epoch 0; `nil` for the order of the data set.
  public init(datasetCount: Int, seed: Int?) {
    self.init(epoch: 0, consumed: 0, datasetCount: datasetCount, seed: seed)
  }

  init(epoch: Int, consumed: Int, datasetCount: Int, seed: Int?) {
    self.epoch = epoch
    self.consumed = consumed
    self.datasetCount = datasetCount
    self.seed = seed
  }

  /// Notes that all ranks together have taken that many more samples, padding included.
  public mutating func advance(by samples: Int) { consumed += samples }

  /// Goes to the start of the next epoch.
  public mutating func startNextEpoch() {
    epoch += 1
    consumed = 0
  }

  /// Whether the epoch has not begun.
  public var isAtStartOfEpoch: Bool { consumed == 0 }

  /// Checks that a position of another run is one in the same data and the same order.
  ///
  /// - Throws: ``DataLoadingError`` with code `mismatch`; the message says what differs.
  public func check(continues other: SamplerPosition) throws(DataLoadingError) {
    guard other.datasetCount == datasetCount else {
      let kind = other.datasetCount > datasetCount ? "longer" : "shorter"
      throw DataLoadingError(
        .mismatch,
        "the saved position belongs to a \(kind) data set: it had \(other.datasetCount) samples, "
          + "this one has \(datasetCount). Resume with the same data, or start over in another folder"
      )
    }
    guard other.seed == seed else {
      func name(_ seed: Int?) -> String { seed.map { "shuffled with seed \($0)" } ?? "in order" }
      throw DataLoadingError(
        .mismatch,
        "the saved position belongs to samples \(name(other.seed)), but now they are \(name(seed)). "
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
