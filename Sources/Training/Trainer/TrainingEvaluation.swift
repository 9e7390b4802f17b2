/// The result of one evaluation: at the end of an epoch, or every
/// ``TrainerOptions/evaluationInterval`` steps.
public struct TrainingEvaluation: Sendable {
  /// The number of completed steps, over all epochs.
  public var step: Int
  /// The epoch, counted from 0.
  public var epoch: Int
  /// The metrics that ``Trainer/evaluation`` returned.
  public var metrics: [String: Double]
}
