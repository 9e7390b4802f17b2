/// The result of one step on one rank.
public struct TrainingStep: Sendable {
  /// The index of the step, counted from 0 over all epochs.
  public var step: Int
  /// The epoch, counted from 0.
  public var epoch: Int
  /// The mean loss over this rank's samples, weighted as ``WeightedLoss`` requests; 0 if their
  /// weight is 0.
  public var loss: Double
  /// The number of samples on this rank.
  public var samples: Int
  /// The weight of this rank's losses: the sum of the weights of each ``WeightedLoss``, such as its
  /// number of tokens, or the number of samples.
  public var weight: Double
  /// The learning rate that the first parameter group used.
  public var learningRate: Double
  /// The norm of the gradients before clipping, the same on all ranks.
  ///
  /// `nil` unless ``TrainerOptions/maxGradientNorm`` is set.
  public var gradientNorm: Double?
  /// Whether the gradient scaler found an overflow and skipped the update.
  public var wasSkipped: Bool
  /// The time since the previous step, or since the start of the epoch.
  public var duration: Duration
  /// The breakdown of that time.
  public var phases: StepPhases
}

/// The host's time for each phase of a step on one rank; the rest is spent in callbacks.
///
/// GPU time counts in the phase in which the host waits for it.
public struct StepPhases: Sendable {
  /// Time spent waiting for batches.
  public var data = Duration.zero
  /// Time spent in forward passes and losses.
  public var forward = Duration.zero
  /// Time spent in backward passes, including the wait for other ranks' gradients.
  public var backward = Duration.zero
  /// Time spent in clipping and in the optimizer.
  public var update = Duration.zero
}
