public import DataLoading

/// How far a training has come: steps made, and samples seen in the present epoch.
///
/// ```swift
/// var progress = TrainingProgress(sampler.position)
/// …
/// optimizer.step()
/// progress.finishStep(samples: batch.count * group.worldSize)
/// ```
public struct TrainingProgress: Codable, Hashable, Sendable {
  /// The number of optimizer steps so far, in all epochs.
  public private(set) var step = 0

  /// The place in the data; the same on all ranks.
  public private(set) var position: SamplerPosition

  /// The epoch, counted from 0.
  public var epoch: Int { position.epoch }

  /// The start of a training.
  ///
  /// - Parameter position: The sampler's, before its first epoch.
  public init(_ position: SamplerPosition) { self.position = position }

  /// Notes that a step is done.
  ///
  /// - Parameter samples: How many samples all ranks together took, those of padding included.
  public mutating func finishStep(samples: Int) {
    step += 1
    position.advance(by: samples)
  }

  /// Notes that the epoch is done, and goes to the start of the next.
  public mutating func finishEpoch() { position.startNextEpoch() }
}
