internal import Glibc

/// Rises to a high rate and falls far below the first one, while the momentum does the opposite,
/// like PyTorch's `OneCycleLR` (Smith & Topin 2018).
public struct OneCycleLR: LearningRateSchedule {
  /// The shape of the rise and the fall.
  public enum AnnealStrategy: String, Sendable {
    /// Half a cosine wave.
    case cos
    /// A line.
    case linear
  }

  /// The highest rate, PyTorch's `max_lr`.
  public var maxLearningRate: GroupValues
  /// The number of steps of the cycle.
  public var totalSteps: Int
  /// The fraction of the cycle in which the rate rises.
  public var pctStart: Double
  /// The shape of the rise and the fall.
  public var annealStrategy: AnnealStrategy
  /// Whether the momentum, or the first beta, falls while the rate rises.
  public var cycleMomentum: Bool
  /// The lowest momentum.
  public var baseMomentum: GroupValues
  /// The highest momentum.
  public var maxMomentum: GroupValues
  /// The highest rate divided by the first one.
  public var divFactor: Double
  /// The first rate divided by the last one.
  public var finalDivFactor: Double
  /// Whether the rate first falls to the first one, and then to the last one.
  public var threePhase: Bool

  /// Creates a schedule of a number of steps.
  ///
  /// - Precondition: `totalSteps` is 1 or more, and `pctStart` in [0, 1].
  public init(
    maxLearningRate: GroupValues, totalSteps: Int, pctStart: Double = 0.3,
    annealStrategy: AnnealStrategy = .cos, cycleMomentum: Bool = true,
    baseMomentum: GroupValues = 0.85, maxMomentum: GroupValues = 0.95, divFactor: Double = 25,
    finalDivFactor: Double = 1e4, threePhase: Bool = false
  ) {
    precondition(
      totalSteps >= 1 && 0...1 ~= pctStart,
      "OneCycleLR: totalSteps is \(totalSteps) and pctStart \(pctStart); use 1 or more, and a "
        + "number from 0 to 1")
    self.maxLearningRate = maxLearningRate
    self.totalSteps = totalSteps
    self.pctStart = pctStart
    self.annealStrategy = annealStrategy
    self.cycleMomentum = cycleMomentum
    self.baseMomentum = baseMomentum
    self.maxMomentum = maxMomentum
    self.divFactor = divFactor
    self.finalDivFactor = finalDivFactor
    self.threePhase = threePhase
  }

  /// Creates a schedule of some epochs.
  public init(
    maxLearningRate: GroupValues, epochs: Int, stepsPerEpoch: Int, pctStart: Double = 0.3,
    annealStrategy: AnnealStrategy = .cos, cycleMomentum: Bool = true,
    baseMomentum: GroupValues = 0.85, maxMomentum: GroupValues = 0.95, divFactor: Double = 25,
    finalDivFactor: Double = 1e4, threePhase: Bool = false
  ) {
    self.init(
      maxLearningRate: maxLearningRate, totalSteps: epochs * stepsPerEpoch, pctStart: pctStart,
      annealStrategy: annealStrategy, cycleMomentum: cycleMomentum, baseMomentum: baseMomentum,
      maxMomentum: maxMomentum, divFactor: divFactor, finalDivFactor: finalDivFactor,
      threePhase: threePhase)
  }

  /// The rate of the cycle; the base rate does not matter.
  ///
  /// - Precondition: The step is not beyond the cycle.
  public func rate(at step: Int, after previous: Double, base: Double, group: Int) -> Double {
    let highest = maxLearningRate[group]
    let first = highest / divFactor
    let last = first / finalDivFactor
    return value(
      at: step,
      threePhase
        ? [(first, highest), (highest, first), (first, last)] : [(first, highest), (highest, last)])
  }

  /// The momentum of the cycle.
  public func momentum(at step: Int, group: Int) -> Double? {
    guard cycleMomentum else { return nil }
    let low = baseMomentum[group]
    let high = maxMomentum[group]
    return value(
      at: step, threePhase ? [(high, low), (low, high), (high, high)] : [(high, low), (low, high)])
  }

  /// False.
  public var dependsOnPreviousRate: Bool { false }

  private func value(at step: Int, _ phases: [(start: Double, end: Double)]) -> Double {
    precondition(
      step <= totalSteps,
      "OneCycleLR: step \(step) is beyond the cycle of \(totalSteps) steps; raise totalSteps")
    let total = Double(totalSteps)
    let ends =
      threePhase
      ? [pctStart * total - 1, 2 * pctStart * total - 2, total - 1]
      : [pctStart * total - 1, total - 1]
    let index = ends.firstIndex { Double(step) <= $0 } ?? ends.count - 1
    let start = index == 0 ? 0 : ends[index - 1]
    let progress = (Double(step) - start) / (ends[index] - start)
    let phase = phases[index]
    switch annealStrategy {
    case .cos: return phase.end + (phase.start - phase.end) / 2 * (cos(Double.pi * progress) + 1)
    case .linear: return (phase.end - phase.start) * progress + phase.start
    }
  }
}

/// Rises and falls between two rates, while the momentum does the opposite, like PyTorch's
/// `CyclicLR` (Smith 2017).
public struct CyclicLR: LearningRateSchedule {
  /// How the height of the cycles changes.
  public enum Mode: String, Sendable {
    /// Not.
    case triangular
    /// It halves in each cycle.
    case triangular2
    /// It is multiplied by `gamma` in each step.
    case expRange = "exp_range"
  }

  /// The lowest rate, PyTorch's `base_lr`.
  public var baseLearningRate: GroupValues
  /// The highest rate, PyTorch's `max_lr`.
  public var maxLearningRate: GroupValues
  /// The number of steps of a rise.
  public var stepSizeUp: Int
  /// The number of steps of a fall.
  public var stepSizeDown: Int
  /// How the height of the cycles changes.
  public var mode: Mode
  /// The factor of `expRange`.
  public var gamma: Double
  /// Whether the momentum, or the first beta, falls while the rate rises.
  public var cycleMomentum: Bool
  /// The lowest momentum.
  public var baseMomentum: GroupValues
  /// The highest momentum.
  public var maxMomentum: GroupValues

  /// Creates a schedule; `stepSizeDown` is `nil` for `stepSizeUp`.
  ///
  /// - Precondition: The numbers of steps are 1 or more.
  public init(
    baseLearningRate: GroupValues, maxLearningRate: GroupValues, stepSizeUp: Int = 2000,
    stepSizeDown: Int? = nil, mode: Mode = .triangular, gamma: Double = 1,
    cycleMomentum: Bool = true, baseMomentum: GroupValues = 0.8, maxMomentum: GroupValues = 0.9
  ) {
    precondition(
      stepSizeUp >= 1 && (stepSizeDown ?? 1) >= 1,
      "CyclicLR: stepSizeUp is \(stepSizeUp) and stepSizeDown \(stepSizeDown ?? stepSizeUp); use 1 "
        + "or more")
    self.baseLearningRate = baseLearningRate
    self.maxLearningRate = maxLearningRate
    self.stepSizeUp = stepSizeUp
    self.stepSizeDown = stepSizeDown ?? stepSizeUp
    self.mode = mode
    self.gamma = gamma
    self.cycleMomentum = cycleMomentum
    self.baseMomentum = baseMomentum
    self.maxMomentum = maxMomentum
  }

  /// The rate of the cycle; the base rate does not matter.
  public func rate(at step: Int, after previous: Double, base: Double, group: Int) -> Double {
    let height = (maxLearningRate[group] - baseLearningRate[group]) * fraction(at: step)
    return baseLearningRate[group] + height * scale(at: step)
  }

  /// The momentum of the cycle.
  public func momentum(at step: Int, group: Int) -> Double? {
    guard cycleMomentum else { return nil }
    let height = (maxMomentum[group] - baseMomentum[group]) * fraction(at: step)
    return maxMomentum[group] - height * scale(at: step)
  }

  /// False.
  public var dependsOnPreviousRate: Bool { false }

  private var size: Double { Double(stepSizeUp) + Double(stepSizeDown) }

  private func cycle(at step: Int) -> Double { (1 + Double(step) / size).rounded(.down) }

  /// The position between the lowest and the highest rate.
  private func fraction(at step: Int) -> Double {
    let ratio = Double(stepSizeUp) / size
    let position = 1 + Double(step) / size - cycle(at: step)
    return position <= ratio ? position / ratio : (position - 1) / (ratio - 1)
  }

  private func scale(at step: Int) -> Double {
    switch mode {
    case .triangular: 1
    case .triangular2: 1 / pow(2, cycle(at: step) - 1)
    case .expRange: pow(gamma, Double(step))
    }
  }
}
