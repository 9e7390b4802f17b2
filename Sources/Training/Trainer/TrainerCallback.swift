/// Closures that a ``Trainer`` calls during training, such as for progress display and metrics.
///
/// Every rank calls its own callbacks. If a closure throws, training ends with that error, except
/// for ``StopTraining``, which ends it without an error.
///
/// ```swift
/// trainer.callbacks.append(TrainerCallback(stepEnded: { step in losses.append(step.loss) }))
/// ```
public struct TrainerCallback {
  /// Called before the first batch of an epoch, or before the batch at which it resumes.
  public var epochStarted: (TrainingProgress) throws -> Void
  /// Called after each step; the trainer's progress and the optimizer already include it.
  ///
  /// On a GPU they also include the next step, unless this one ends the epoch or precedes a
  /// snapshot.
  public var stepEnded: (TrainingStep) throws -> Void
  /// Called after each evaluation: every ``TrainerOptions/evaluationInterval`` steps, and at the
  /// end of each epoch before ``epochEnded``.
  public var evaluated: (TrainingEvaluation) throws -> Void
  /// Called after each epoch and its evaluation, if there is one.
  public var epochEnded: (TrainingEpoch) throws -> Void

  /// Creates a callback; omitted closures do nothing.
  public init(
    epochStarted: @escaping (TrainingProgress) throws -> Void = { _ in },
    stepEnded: @escaping (TrainingStep) throws -> Void = { _ in },
    evaluated: @escaping (TrainingEvaluation) throws -> Void = { _ in },
    epochEnded: @escaping (TrainingEpoch) throws -> Void = { _ in }
  ) {
    self.epochStarted = epochStarted
    self.stepEnded = stepEnded
    self.evaluated = evaluated
    self.epochEnded = epochEnded
  }
}

/// Thrown by a callback to end training without an error.
///
/// Every rank must throw it in the same event.
public struct StopTraining: Error {
  /// Creates a request to stop.
  public init() {}
}
