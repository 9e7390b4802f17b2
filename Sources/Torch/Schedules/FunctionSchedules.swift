/// The base rate multiplied by a function of the step, like PyTorch's `LambdaLR`.
public struct LambdaLR: LearningRateSchedule {
  /// The settings by name; empty unless they are given.
  public let settings: [String: String]
  private let lrLambda: [(Int) -> Double]

  /// Creates a schedule with one function for all groups.
  public init(settings: [String: String] = [:], _ lrLambda: @escaping (Int) -> Double) {
    self.init(settings: settings, [lrLambda])
  }

  /// Creates a schedule with a function for each group.
  public init(settings: [String: String] = [:], _ lrLambda: [(Int) -> Double]) {
    self.settings = settings
    self.lrLambda = lrLambda
  }

  /// The base rate multiplied by the function of the step.
  public func rate(at step: Int, after previous: Double, base: Double, group: Int) -> Double {
    base * lrLambda[lrLambda.count == 1 ? 0 : group](step)
  }

  /// False.
  public var dependsOnPreviousRate: Bool { false }
}

/// The previous rate multiplied by a function of the step, like PyTorch's `MultiplicativeLR`.
public struct MultiplicativeLR: LearningRateSchedule {
  /// The settings by name; empty unless they are given.
  public let settings: [String: String]
  private let lrLambda: [(Int) -> Double]

  /// Creates a schedule with one function for all groups.
  public init(settings: [String: String] = [:], _ lrLambda: @escaping (Int) -> Double) {
    self.init(settings: settings, [lrLambda])
  }

  /// Creates a schedule with a function for each group.
  public init(settings: [String: String] = [:], _ lrLambda: [(Int) -> Double]) {
    self.settings = settings
    self.lrLambda = lrLambda
  }

  /// The previous rate multiplied by the function of the step, from step 1 on.
  public func rate(at step: Int, after previous: Double, base: Double, group: Int) -> Double {
    step == 0 ? previous : previous * lrLambda[lrLambda.count == 1 ? 0 : group](step)
  }
}
