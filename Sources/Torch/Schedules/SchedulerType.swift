/// The names of transformers' `get_scheduler`.
///
/// ```swift
/// let schedule = SchedulerType.cosine.schedule(numWarmupSteps: 100, numTrainingSteps: 1000)
/// let scheduler = LearningRateScheduler(optimizer, schedule)
/// ```
///
/// `reduce_lr_on_plateau` is ``ReduceLROnPlateau``, which needs a metric.
public enum SchedulerType: String, CaseIterable, Sendable {
  /// A ``LinearSchedule``.
  case linear
  /// A ``CosineSchedule``.
  case cosine
  /// A ``CosineWithRestartsSchedule``.
  case cosineWithRestarts = "cosine_with_restarts"
  /// A ``PolynomialSchedule``.
  case polynomial
  /// A ``ConstantSchedule``.
  case constant
  /// A ``ConstantWithWarmupSchedule``.
  case constantWithWarmup = "constant_with_warmup"
  /// An ``InverseSqrtSchedule``.
  case inverseSqrt = "inverse_sqrt"
  /// A ``CosineWithMinLRSchedule``.
  case cosineWithMinLR = "cosine_with_min_lr"
  /// A ``CosineWarmupWithMinLRSchedule``.
  case cosineWarmupWithMinLR = "cosine_warmup_with_min_lr"
  /// A ``WarmupStableDecaySchedule``.
  case warmupStableDecay = "warmup_stable_decay"

  /// Creates the schedule of the name with transformers' defaults.
  ///
  /// - Parameters:
  ///   - numWarmupSteps: The number of warm-up steps.
  ///   - numTrainingSteps: The number of all steps.
  ///   - numDecaySteps: The number of steps of the decay, for `warmupStableDecay`; `nil` for a
  ///     tenth of all steps.
  ///   - minLearningRateRate: The lowest rate as a fraction of the base rate, for the schedules
  ///     that have one.
  /// - Returns: The schedule.
  public func schedule(
    numWarmupSteps: Int = 0, numTrainingSteps: Int, numDecaySteps: Int? = nil,
    minLearningRateRate: Double = 0
  ) -> any LearningRateSchedule {
    let warmup = numWarmupSteps
    let total = numTrainingSteps
    return switch self {
    case .linear: LinearSchedule(numWarmupSteps: warmup, numTrainingSteps: total)
    case .cosine: CosineSchedule(numWarmupSteps: warmup, numTrainingSteps: total)
    case .cosineWithRestarts:
      CosineWithRestartsSchedule(numWarmupSteps: warmup, numTrainingSteps: total)
    case .polynomial: PolynomialSchedule(numWarmupSteps: warmup, numTrainingSteps: total)
    case .constant: ConstantSchedule()
    case .constantWithWarmup: ConstantWithWarmupSchedule(numWarmupSteps: warmup)
    case .inverseSqrt: InverseSqrtSchedule(numWarmupSteps: warmup)
    case .cosineWithMinLR:
      CosineWithMinLRSchedule(
        numWarmupSteps: warmup, numTrainingSteps: total, minLearningRateRate: minLearningRateRate)
    case .cosineWarmupWithMinLR:
      CosineWarmupWithMinLRSchedule(
        numWarmupSteps: warmup, numTrainingSteps: total, minLearningRateRate: minLearningRateRate)
    case .warmupStableDecay:
      WarmupStableDecaySchedule(
        numWarmupSteps: warmup, numTrainingSteps: total, numDecaySteps: numDecaySteps ?? total / 10,
        minLearningRateRatio: minLearningRateRate)
    }
  }
}
