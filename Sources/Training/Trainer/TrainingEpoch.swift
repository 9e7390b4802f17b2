/// The result of one epoch.
public struct TrainingEpoch: Sendable {
  /// The epoch, counted from 0.
  public var epoch: Int
  /// The mean of the losses of all batches on all ranks, weighted as ``WeightedLoss`` requests.
  public var loss: Double
  /// The metrics that ``Trainer/evaluation`` returned.
  public var metrics: [String: Double]
}
