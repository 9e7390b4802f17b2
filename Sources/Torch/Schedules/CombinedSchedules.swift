internal import Glibc

/// Schedules that follow each other, like PyTorch's `SequentialLR`.
public struct SequentialLR: LearningRateSchedule {
  private let schedules: [any LearningRateSchedule]
  private let milestones: [Int]

  /// Creates a schedule.
  ///
  /// - Parameters:
  ///   - schedules: The schedules; each starts at its step 0, and from the base rate.
  ///   - milestones: The steps at which the second and the further schedules start.
  ///
  /// - Precondition: There is one milestone less than schedules, and milestones ascend.
  public init(_ schedules: [any LearningRateSchedule], milestones: [Int]) {
    precondition(
      !schedules.isEmpty && milestones.count == schedules.count - 1
        && zip(milestones, milestones.dropFirst()).allSatisfy { $0 <= $1 },
      "SequentialLR: \(schedules.count) schedules need \(max(0, schedules.count - 1)) milestones "
        + "in ascending order, not \(milestones)")
    self.schedules = schedules
    self.milestones = milestones
  }

  /// The rate of the current schedule.
  public func rate(at step: Int, after previous: Double, base: Double, group: Int) -> Double {
    let (schedule, local) = current(at: step)
    return schedule.rate(
      at: local, after: local == 0 ? base : previous, base: base, group: group)
  }

  /// The momentum of the current schedule.
  public func momentum(at step: Int, group: Int) -> Double? {
    let (schedule, local) = current(at: step)
    return schedule.momentum(at: local, group: group)
  }

  private func current(at step: Int) -> (any LearningRateSchedule, Int) {
    let index = milestones.count { $0 <= step }
    return (schedules[index], index == 0 ? step : step - milestones[index - 1])
  }
}

/// Schedules that apply at the same time, like PyTorch's `ChainedScheduler`.
///
/// Each schedule receives the rate of the one before it as the previous rate. One that does not use
/// the previous rate, such as ``LambdaLR``, replaces it.
public struct ChainedScheduler: LearningRateSchedule {
  private let schedules: [any LearningRateSchedule]

  /// Creates a schedule.
  ///
  /// - Precondition: There is at least one schedule.
  public init(_ schedules: [any LearningRateSchedule]) {
    precondition(!schedules.isEmpty, "ChainedScheduler: there are no schedules; pass at least one")
    self.schedules = schedules
  }

  /// The rate of the last schedule, which follows from those of the others.
  public func rate(at step: Int, after previous: Double, base: Double, group: Int) -> Double {
    schedules.reduce(previous) { rate, schedule in
      schedule.rate(at: step, after: rate, base: base, group: group)
    }
  }

  /// The momentum of the last schedule that changes it.
  public func momentum(at step: Int, group: Int) -> Double? {
    schedules.reversed().lazy.compactMap { $0.momentum(at: step, group: group) }.first
  }
}

/// Moves to a constant rate, like PyTorch's `torch.optim.swa_utils.SWALR`.
///
/// Create the scheduler when averaging starts; see ``AveragedModel``.
public struct SWALR: LearningRateSchedule {
  /// The constant rate, PyTorch's `swa_lr`.
  public var swaLearningRate: GroupValues
  /// The number of steps to the constant rate.
  public var annealEpochs: Int
  /// The shape of the change.
  public var annealStrategy: OneCycleLR.AnnealStrategy

  /// Creates a schedule.
  ///
  /// - Precondition: `annealEpochs` is 0 or more.
  public init(
    swaLearningRate: GroupValues, annealEpochs: Int = 10,
    annealStrategy: OneCycleLR.AnnealStrategy = .cos
  ) {
    precondition(annealEpochs >= 0, "SWALR: annealEpochs is \(annealEpochs); use 0 or more")
    self.swaLearningRate = swaLearningRate
    self.annealEpochs = annealEpochs
    self.annealStrategy = annealStrategy
  }

  /// The previous rate, moved towards the constant one.
  public func rate(at step: Int, after previous: Double, base: Double, group: Int) -> Double {
    let target = swaLearningRate[group]
    let step = annealEpochs == 0 ? max(1, step) : step
    let before = weight(at: step - 1)
    let start = before == 1 ? target : (previous - before * target) / (1 - before)
    let weight = weight(at: step)
    return target * weight + start * (1 - weight)
  }

  private func weight(at step: Int) -> Double {
    let progress = max(0, min(1, Double(step) / Double(max(1, annealEpochs))))
    return annealStrategy == .cos ? (1 - cos(Double.pi * progress)) / 2 : progress
  }
}
