public import DataLoading

/// The progress of training: the steps completed, and the position in the current epoch.
///
/// ```swift
/// var progress = TrainingProgress(sampler.position)
/// …
/// try optimizer.step()
/// progress.finishStep(samples: batch.count * group.worldSize)
/// ```
public struct TrainingProgress: Codable, Hashable, Sendable {
  /// The number of completed optimizer steps, over all epochs.
  public private(set) var step = 0

  /// The position in the data; the same on all ranks.
  public private(set) var position: SamplerPosition

  /// The epoch, counted from 0.
  public var epoch: Int { position.epoch }

  /// Creates the progress at the start of training.
  ///
  /// - Parameter position: The sampler's position before the first epoch.
  public init(_ position: SamplerPosition) { self.position = position }

  /// Records a completed step.
  ///
  /// - Parameter samples: The number of samples that all ranks together consumed, padding included.
  public mutating func finishStep(samples: Int) {
    step += 1
    position.advance(by: samples)
  }

  /// Records the end of the epoch and moves to the start of the next one.
  public mutating func finishEpoch() { position.startNextEpoch() }
}
