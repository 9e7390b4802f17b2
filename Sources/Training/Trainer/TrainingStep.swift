/// What one step came to, on one rank.
public struct TrainingStep: Sendable {
  /// The number of the step, counted from 0 over all epochs.
  public var step: Int
  /// The epoch, counted from 0.
  public var epoch: Int
  /// The mean loss over this rank's samples.
  public var loss: Double
  /// The number of samples of this rank.
  public var samples: Int
  /// The learning rate of the first parameter group, as it was used.
  public var learningRate: Double
  /// The norm of the gradients before clipping, the same on all ranks; `nil` unless
  /// ``TrainerOptions/maxGradientNorm`` is set.
  public var gradientNorm: Double?
  /// Whether the gradient scaler found an overflow and skipped the update.
  public var wasSkipped: Bool
  /// The time since the step before, or since the epoch's start.
  public var duration: Duration
  /// Where that time went.
  public var phases: StepPhases
}

/// Where the time of one step went on one rank, as the host sees it; what is left went to callbacks.
///
/// A GPU's work counts where the host waits for it.
public struct StepPhases: Sendable {
  /// Waiting for batches.
  public var data = Duration.zero
  /// Forward passes and losses.
  public var forward = Duration.zero
  /// Backward passes, and waiting for the ranks' gradients at their end.
  public var backward = Duration.zero
  /// Clipping and the optimizer.
  public var update = Duration.zero
}
