internal import Glibc

/// Half a cosine wave from the base rate to `etaMin` and back, like PyTorch's `CosineAnnealingLR`
/// (Loshchilov & Hutter 2017).
public struct CosineAnnealingLR: LearningRateSchedule {
  /// The number of steps from the base rate to `etaMin`, PyTorch's `T_max`.
  public var tMax: Int
  /// The lowest rate.
  public var etaMin: Double

  /// Creates a schedule.
  ///
  /// - Precondition: `tMax` is 1 or more.
  public init(tMax: Int, etaMin: Double = 0) {
    precondition(tMax >= 1, "CosineAnnealingLR: tMax is \(tMax); use 1 or more")
    self.tMax = tMax
    self.etaMin = etaMin
  }

  /// The previous rate with the next value of the wave in place of the previous one.
  public func rate(at step: Int, after previous: Double, base: Double, group: Int) -> Double {
    let total = Double(tMax)
    if step == 0 { return previous }
    if (step - 1 - tMax) % (2 * tMax) == 0 {
      return previous + (base - etaMin) * (1 - cos(Double.pi / total)) / 2
    }
    return (1 + cos(Double.pi * Double(step) / total))
      / (1 + cos(Double.pi * Double(step - 1) / total)) * (previous - etaMin) + etaMin
  }
}

/// Cosine waves that restart at the base rate, like PyTorch's `CosineAnnealingWarmRestarts`
/// (Loshchilov & Hutter 2017).
public struct CosineAnnealingWarmRestarts: LearningRateSchedule {
  /// The number of steps to the first restart, PyTorch's `T_0`.
  public var t0: Int
  /// The factor of the number of steps after each restart, PyTorch's `T_mult`.
  public var tMult: Int
  /// The lowest rate.
  public var etaMin: Double

  /// Creates a schedule.
  ///
  /// - Precondition: `t0` and `tMult` are 1 or more.
  public init(t0: Int, tMult: Int = 1, etaMin: Double = 0) {
    precondition(
      t0 >= 1 && tMult >= 1,
      "CosineAnnealingWarmRestarts: t0 is \(t0) and tMult \(tMult); use 1 or more")
    self.t0 = t0
    self.tMult = tMult
    self.etaMin = etaMin
  }

  /// The value of the current wave.
  public func rate(at step: Int, after previous: Double, base: Double, group: Int) -> Double {
    var current = step
    var length = t0
    while current >= length {
      current -= length
      length *= tMult
    }
    return etaMin + (base - etaMin)
      * (1 + cos(Double.pi * Double(current) / Double(length))) / 2
  }

  /// False.
  public var dependsOnPreviousRate: Bool { false }
}
