/// What a ``Trainer`` calls while it trains: for progress, metrics, snapshots, and for stopping.
///
/// A value with a closure for each event; those not given do nothing. Every rank calls its own. An
/// error that a closure throws ends training, which throws it, but for ``StopTraining``, which ends it
/// well.
///
/// ```swift
/// trainer.callbacks.append(TrainerCallback(stepEnded: { step in losses.append(step.loss) }))
/// ```
public struct TrainerCallback {
  /// Before the first batch of an epoch, or before the batch at which it goes on, if any is left.
  public var epochStarted: (TrainingProgress) throws -> Void
  /// After each step: the trainer's progress and the optimizer are those that follow the step.
  public var stepEnded: (TrainingStep) throws -> Void
  /// After each epoch and its evaluation, if there is one.
  public var epochEnded: (TrainingEpoch) throws -> Void

  /// Creates a callback.
  public init(
    epochStarted: @escaping (TrainingProgress) throws -> Void = { _ in },
    stepEnded: @escaping (TrainingStep) throws -> Void = { _ in },
    epochEnded: @escaping (TrainingEpoch) throws -> Void = { _ in }
  ) {
    self.epochStarted = epochStarted
    self.stepEnded = stepEnded
    self.epochEnded = epochEnded
  }
}

/// Thrown by a callback to end training without an error; every rank has to throw it at the same
/// event.
public struct StopTraining: Error {
  /// Creates the wish to stop.
  public init() {}
}

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

/// What one epoch came to.
public struct TrainingEpoch: Sendable {
  /// The epoch, counted from 0.
  public var epoch: Int
  /// The mean of the losses of all batches on all ranks.
  public var loss: Double
  /// What ``Trainer/evaluation`` found.
  public var metrics: [String: Double]
}
