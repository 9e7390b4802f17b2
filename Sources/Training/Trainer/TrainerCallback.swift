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
  /// After each step: the trainer's progress and the optimizer are those that follow the step; on a GPU those that
  /// follow the next one, unless there is none in this epoch, or a snapshot was made between.
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
