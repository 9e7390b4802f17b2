internal import Glibc

/// Multiplies the rate by `gamma` every `stepSize` steps, like PyTorch's `StepLR`.
public struct StepLR: LearningRateSchedule {
  /// The number of steps from one change to the next.
  public var stepSize: Int
  /// The factor of a change.
  public var gamma: Double

  /// Creates a schedule.
  ///
  /// - Precondition: `stepSize` is 1 or more.
  public init(stepSize: Int, gamma: Double = 0.1) {
    precondition(stepSize >= 1, "StepLR: stepSize is \(stepSize); use 1 or more")
    self.stepSize = stepSize
    self.gamma = gamma
  }

  /// The previous rate, or `gamma` times it.
  public func rate(at step: Int, after previous: Double, base: Double, group: Int) -> Double {
    step == 0 || step % stepSize != 0 ? previous : previous * gamma
  }
}

/// Multiplies the rate by `gamma` at certain steps, like PyTorch's `MultiStepLR`.
public struct MultiStepLR: LearningRateSchedule {
  /// The steps of the changes; a step that occurs twice changes the rate twice.
  public var milestones: [Int]
  /// The factor of a change.
  public var gamma: Double

  /// Creates a schedule.
  public init(milestones: [Int], gamma: Double = 0.1) {
    self.milestones = milestones
    self.gamma = gamma
  }

  /// The previous rate, or `gamma` times it.
  public func rate(at step: Int, after previous: Double, base: Double, group: Int) -> Double {
    let changes = milestones.count { $0 == step }
    return changes == 0 ? previous : previous * pow(gamma, Double(changes))
  }
}

/// Multiplies the rate by `gamma` in each step, like PyTorch's `ExponentialLR`.
public struct ExponentialLR: LearningRateSchedule {
  /// The factor.
  public var gamma: Double

  /// Creates a schedule.
  public init(gamma: Double) { self.gamma = gamma }

  /// `gamma` times the previous rate.
  public func rate(at step: Int, after previous: Double, base: Double, group: Int) -> Double {
    step == 0 ? previous : previous * gamma
  }
}

/// Multiplies the rate by a factor in the first steps, like PyTorch's `ConstantLR`.
public struct ConstantLR: LearningRateSchedule {
  /// The factor.
  public var factor: Double
  /// The number of steps with the factor.
  public var totalIters: Int

  /// Creates a schedule.
  ///
  /// - Precondition: The factor is in (0, 1].
  public init(factor: Double = 1.0 / 3, totalIters: Int = 5) {
    precondition(
      0 < factor && factor <= 1,
      "ConstantLR: factor is \(factor); use a number above 0 and at most 1")
    self.factor = factor
    self.totalIters = totalIters
  }

  /// The previous rate, with the factor from step 0 on and without it from `totalIters` on.
  public func rate(at step: Int, after previous: Double, base: Double, group: Int) -> Double {
    if step == 0 { return previous * factor }
    return step == totalIters ? previous * (1 / factor) : previous
  }
}

/// Multiplies the rate by a factor that changes linearly, like PyTorch's `LinearLR`.
public struct LinearLR: LearningRateSchedule {
  /// The first factor.
  public var startFactor: Double
  /// The last factor.
  public var endFactor: Double
  /// The step of the last factor.
  public var totalIters: Int

  /// Creates a schedule.
  ///
  /// - Precondition: `startFactor` is in (0, 1], `endFactor` in [0, 1].
  public init(startFactor: Double = 1.0 / 3, endFactor: Double = 1, totalIters: Int = 5) {
    precondition(
      0 < startFactor && startFactor <= 1 && 0...1 ~= endFactor,
      "LinearLR: startFactor is \(startFactor) and endFactor \(endFactor); use numbers of at most "
        + "1, the first above 0")
    self.startFactor = startFactor
    self.endFactor = endFactor
    self.totalIters = totalIters
  }

  /// The previous rate with the next factor in place of the previous one.
  public func rate(at step: Int, after previous: Double, base: Double, group: Int) -> Double {
    if step == 0 { return previous * startFactor }
    if step > totalIters { return previous }
    let change = endFactor - startFactor
    return previous
      * (1 + change / (Double(totalIters) * startFactor + Double(step - 1) * change))
  }
}

/// Multiplies the rate by a power of what is left of the steps, like PyTorch's `PolynomialLR`.
public struct PolynomialLR: LearningRateSchedule {
  /// The step at which the rate reaches 0.
  public var totalIters: Int
  /// The power.
  public var power: Double

  /// Creates a schedule.
  ///
  /// - Precondition: `totalIters` is 1 or more.
  public init(totalIters: Int = 5, power: Double = 1) {
    precondition(totalIters >= 1, "PolynomialLR: totalIters is \(totalIters); use 1 or more")
    self.totalIters = totalIters
    self.power = power
  }

  /// The previous rate with the next factor in place of the previous one.
  public func rate(at step: Int, after previous: Double, base: Double, group: Int) -> Double {
    if step == 0 || step > totalIters { return previous }
    let total = Double(totalIters)
    return previous * pow((1 - Double(step) / total) / (1 - Double(step - 1) / total), power)
  }
}
