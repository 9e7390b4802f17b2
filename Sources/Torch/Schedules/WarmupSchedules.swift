internal import Glibc

// The schedules of transformers' `get_scheduler`. All but the first begin with a linear warm-up
// from 0 to the base rate.

/// The base rate in all steps, transformers' `constant`.
public struct ConstantSchedule: FactorSchedule, Sendable {
  /// Creates a schedule.
  public init() {}

  /// 1.
  public func factor(at step: Int) -> Double { 1 }
}

/// The base rate after a warm-up, transformers' `constant_with_warmup`.
public struct ConstantWithWarmupSchedule: FactorSchedule, Sendable {
  /// The number of warm-up steps.
  public var numWarmupSteps: Int

  /// Creates a schedule.
  public init(numWarmupSteps: Int) { self.numWarmupSteps = numWarmupSteps }

  /// The factor of the base learning rate at a step, counted from 0.
  public func factor(at step: Int) -> Double { warmup(step, numWarmupSteps) ?? 1 }
}

/// A linear decay to 0 after a warm-up, transformers' `linear`.
public struct LinearSchedule: FactorSchedule, Sendable {
  /// The number of warm-up steps.
  public var numWarmupSteps: Int
  /// The step at which the rate reaches 0.
  public var numTrainingSteps: Int

  /// Creates a schedule.
  public init(numWarmupSteps: Int = 0, numTrainingSteps: Int) {
    self.numWarmupSteps = numWarmupSteps
    self.numTrainingSteps = numTrainingSteps
  }

  /// The numbers of steps, with the names that snapshots have.
  public var settings: [String: String] {
    [
      "linear, warm-up steps": "\(numWarmupSteps)", "total steps": "\(numTrainingSteps)",
    ]
  }

  /// The factor of the base learning rate at a step, counted from 0.
  public func factor(at step: Int) -> Double {
    if let factor = warmup(step, numWarmupSteps) { return factor }
    return max(
      0, Double(numTrainingSteps - step) / Double(max(1, numTrainingSteps - numWarmupSteps)))
  }
}

/// A cosine wave after a warm-up, transformers' `cosine`.
public struct CosineSchedule: FactorSchedule, Sendable {
  /// The number of warm-up steps.
  public var numWarmupSteps: Int
  /// The number of all steps.
  public var numTrainingSteps: Int
  /// The number of waves; 0.5 for a fall to 0.
  public var numCycles: Double

  /// Creates a schedule.
  public init(numWarmupSteps: Int = 0, numTrainingSteps: Int, numCycles: Double = 0.5) {
    self.numWarmupSteps = numWarmupSteps
    self.numTrainingSteps = numTrainingSteps
    self.numCycles = numCycles
  }

  /// The factor of the base learning rate at a step, counted from 0.
  public func factor(at step: Int) -> Double {
    if let factor = warmup(step, numWarmupSteps) { return factor }
    return max(0, cosine(progress(step, numWarmupSteps, numTrainingSteps), numCycles))
  }
}

/// Falls along cosine waves that restart, after a warm-up, transformers' `cosine_with_restarts`.
public struct CosineWithRestartsSchedule: FactorSchedule, Sendable {
  /// The number of warm-up steps.
  public var numWarmupSteps: Int
  /// The number of all steps.
  public var numTrainingSteps: Int
  /// The number of falls.
  public var numCycles: Int

  /// Creates a schedule.
  public init(numWarmupSteps: Int = 0, numTrainingSteps: Int, numCycles: Int = 1) {
    self.numWarmupSteps = numWarmupSteps
    self.numTrainingSteps = numTrainingSteps
    self.numCycles = numCycles
  }

  /// The factor of the base learning rate at a step, counted from 0.
  public func factor(at step: Int) -> Double {
    if let factor = warmup(step, numWarmupSteps) { return factor }
    let progress = progress(step, numWarmupSteps, numTrainingSteps)
    if progress >= 1 { return 0 }
    let wave = (Double(numCycles) * progress).truncatingRemainder(dividingBy: 1)
    return max(0, 0.5 * (1 + cos(Double.pi * wave)))
  }
}

/// A polynomial decay to a last rate after a warm-up, transformers' `polynomial`.
public struct PolynomialSchedule: LearningRateSchedule, Sendable {
  /// The number of warm-up steps.
  public var numWarmupSteps: Int
  /// The step of the last rate.
  public var numTrainingSteps: Int
  /// The last rate, transformers' `lr_end`.
  public var learningRateEnd: Double
  /// The power.
  public var power: Double

  /// Creates a schedule.
  public init(
    numWarmupSteps: Int = 0, numTrainingSteps: Int, learningRateEnd: Double = 1e-7,
    power: Double = 1
  ) {
    self.numWarmupSteps = numWarmupSteps
    self.numTrainingSteps = numTrainingSteps
    self.learningRateEnd = learningRateEnd
    self.power = power
  }

  /// The rate, between the base rate and the last one after the warm-up.
  public func rate(at step: Int, after previous: Double, base: Double, group: Int) -> Double {
    if let factor = warmup(step, numWarmupSteps) { return base * factor }
    if step > numTrainingSteps { return base * (learningRateEnd / base) }
    let steps = Double(numTrainingSteps - numWarmupSteps)
    let left = 1 - Double(step - numWarmupSteps) / steps
    return base * (((base - learningRateEnd) * pow(left, power) + learningRateEnd) / base)
  }

  /// False.
  public var dependsOnPreviousRate: Bool { false }
}

/// The reciprocal of the square root of the step after a warm-up, transformers' `inverse_sqrt`.
public struct InverseSqrtSchedule: FactorSchedule, Sendable {
  /// The number of warm-up steps.
  public var numWarmupSteps: Int
  /// The time scale T: t steps after the warm-up, the factor is 1 / √(1 + t / T).
  public var timescale: Int

  /// Creates a schedule; `timescale` is `nil` for the number of warm-up steps, or 10,000 without
  /// any.
  public init(numWarmupSteps: Int = 0, timescale: Int? = nil) {
    self.numWarmupSteps = numWarmupSteps
    self.timescale = timescale ?? (numWarmupSteps == 0 ? 10_000 : numWarmupSteps)
  }

  /// The factor of the base learning rate at a step, counted from 0.
  public func factor(at step: Int) -> Double {
    if let factor = warmup(step, numWarmupSteps) { return factor }
    return 1 / (Double(step + timescale - numWarmupSteps) / Double(timescale)).squareRoot()
  }
}

/// A cosine wave to a lowest rate after a warm-up, transformers' `cosine_with_min_lr`.
public struct CosineWithMinLRSchedule: FactorSchedule, Sendable {
  /// The number of warm-up steps.
  public var numWarmupSteps: Int
  /// The number of all steps.
  public var numTrainingSteps: Int
  /// The number of waves; 0.5 for a fall.
  public var numCycles: Double
  /// The lowest rate as a fraction of the base rate, transformers' `min_lr_rate`.
  public var minLearningRateRate: Double

  /// Creates a schedule.
  public init(
    numWarmupSteps: Int = 0, numTrainingSteps: Int, numCycles: Double = 0.5,
    minLearningRateRate: Double
  ) {
    self.numWarmupSteps = numWarmupSteps
    self.numTrainingSteps = numTrainingSteps
    self.numCycles = numCycles
    self.minLearningRateRate = minLearningRateRate
  }

  /// The factor of the base learning rate at a step, counted from 0.
  public func factor(at step: Int) -> Double {
    if let factor = warmup(step, numWarmupSteps) { return factor }
    let wave = cosine(progress(step, numWarmupSteps, numTrainingSteps), numCycles)
    return max(0, wave * (1 - minLearningRateRate) + minLearningRateRate)
  }
}

/// Like ``CosineWithMinLRSchedule``, with a warm-up that does not start at 0, transformers'
/// `cosine_warmup_with_min_lr`.
public struct CosineWarmupWithMinLRSchedule: FactorSchedule, Sendable {
  /// The number of warm-up steps.
  public var numWarmupSteps: Int
  /// The number of all steps.
  public var numTrainingSteps: Int
  /// The number of waves; 0.5 for a fall.
  public var numCycles: Double
  /// The lowest rate as a fraction of the base rate, transformers' `min_lr_rate`.
  public var minLearningRateRate: Double
  /// The first rate as a fraction of the base rate, transformers' `warmup_lr_rate`.
  public var warmupLearningRateRate: Double?

  /// Creates a schedule; `warmupLearningRateRate` is `nil` for the rate of the second step.
  public init(
    numWarmupSteps: Int = 0, numTrainingSteps: Int, numCycles: Double = 0.5,
    minLearningRateRate: Double, warmupLearningRateRate: Double? = nil
  ) {
    self.numWarmupSteps = numWarmupSteps
    self.numTrainingSteps = numTrainingSteps
    self.numCycles = numCycles
    self.minLearningRateRate = minLearningRateRate
    self.warmupLearningRateRate = warmupLearningRateRate
  }

  /// The factor of the base learning rate at a step, counted from 0.
  public func factor(at step: Int) -> Double {
    let now = Double(step)
    let warmup = Double(numWarmupSteps)
    if now < warmup {
      guard let first = warmupLearningRateRate else { return (now + 1) / max(1, warmup) }
      return first + (1 - first) * now / max(1, warmup - 1)
    }
    let progress = (now - warmup + 1) / max(1, Double(numTrainingSteps) - warmup)
    let wave = 0.5 * (1 + cos(Double.pi * numCycles * 2 * progress))
    return max(0, wave * (1 - minLearningRateRate) + minLearningRateRate)
  }
}

/// A warm-up, the base rate, and a decay, transformers' `warmup_stable_decay`.
public struct WarmupStableDecaySchedule: FactorSchedule, Sendable {
  /// The shape of the warm-up or of the decay.
  public enum Shape: String, Sendable {
    /// A line.
    case linear
    /// Half a cosine wave.
    case cosine
    /// One minus a square root.
    case oneMinusSqrt = "1-sqrt"
  }

  /// The number of warm-up steps.
  public var numWarmupSteps: Int
  /// The number of steps with the base rate.
  public var numStableSteps: Int
  /// The number of steps of the decay.
  public var numDecaySteps: Int
  /// The shape of the warm-up.
  public var warmupType: Shape
  /// The shape of the decay.
  public var decayType: Shape
  /// The first and the last rate as a fraction of the base rate, transformers' `min_lr_ratio`.
  public var minLearningRateRatio: Double
  /// The number of waves of a decay along a cosine; 0.5 for a fall.
  public var numCycles: Double

  /// Creates a schedule.
  public init(
    numWarmupSteps: Int = 0, numStableSteps: Int, numDecaySteps: Int, warmupType: Shape = .linear,
    decayType: Shape = .cosine, minLearningRateRatio: Double = 0, numCycles: Double = 0.5
  ) {
    self.numWarmupSteps = numWarmupSteps
    self.numStableSteps = numStableSteps
    self.numDecaySteps = numDecaySteps
    self.warmupType = warmupType
    self.decayType = decayType
    self.minLearningRateRatio = minLearningRateRatio
    self.numCycles = numCycles
  }

  /// Creates a schedule of a number of steps.
  public init(
    numWarmupSteps: Int = 0, numTrainingSteps: Int, numDecaySteps: Int,
    warmupType: Shape = .linear, decayType: Shape = .cosine, minLearningRateRatio: Double = 0,
    numCycles: Double = 0.5
  ) {
    self.init(
      numWarmupSteps: numWarmupSteps,
      numStableSteps: numTrainingSteps - numWarmupSteps - numDecaySteps,
      numDecaySteps: numDecaySteps, warmupType: warmupType, decayType: decayType,
      minLearningRateRatio: minLearningRateRatio, numCycles: numCycles)
  }

  /// The factor of the base learning rate at a step, counted from 0.
  public func factor(at step: Int) -> Double {
    if let progress = warmup(step, numWarmupSteps) {
      let factor =
        switch warmupType {
        case .linear: progress
        case .cosine: 0.5 * (1 - cos(Double.pi * progress))
        case .oneMinusSqrt: 1 - (1 - progress).squareRoot()
        }
      return raised(factor)
    }
    let decayed = step - numWarmupSteps - numStableSteps
    if decayed < 0 { return 1 }
    if decayed >= numDecaySteps { return minLearningRateRatio }
    let progress = Double(decayed) / Double(max(1, numDecaySteps))
    return switch decayType {
    case .linear: raised(1 - progress)
    case .cosine: raised(cosine(progress, numCycles))
    case .oneMinusSqrt: raised(1 - progress.squareRoot())
    }
  }

  private func raised(_ factor: Double) -> Double {
    max(0, factor * (1 - minLearningRateRatio) + minLearningRateRatio)
  }
}

/// The factor of a linear warm-up; `nil` after it.
private func warmup(_ step: Int, _ steps: Int) -> Double? {
  step < steps ? Double(step) / Double(max(1, steps)) : nil
}

/// The fraction of the steps after the warm-up.
private func progress(_ step: Int, _ warmup: Int, _ total: Int) -> Double {
  Double(step - warmup) / Double(max(1, total - warmup))
}

private func cosine(_ progress: Double, _ cycles: Double) -> Double {
  0.5 * (1 + cos(Double.pi * cycles * 2 * progress))
}
