/// What one epoch came to.
public struct TrainingEpoch: Sendable {
  /// The epoch, counted from 0.
  public var epoch: Int
  /// The mean of the losses of all batches on all ranks.
  public var loss: Double
  /// What ``Trainer/evaluation`` found.
  public var metrics: [String: Double]
}
