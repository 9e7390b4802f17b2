internal import Support

/// Reduces the learning rates when a metric stops improving, like PyTorch's `ReduceLROnPlateau`.
///
/// ```swift
/// let scheduler = ReduceLROnPlateau(optimizer, factor: 0.5, patience: 2)
/// for epoch in 0..<20 {
///   …
///   scheduler.step(validationLoss)
/// }
/// ```
///
/// All ranks of a job must pass the same metric.
public final class ReduceLROnPlateau {
  /// Whether a metric improves by falling or by rising.
  public enum Mode: String, Codable, Sendable {
    /// By falling, like a loss.
    case min
    /// By rising, like an accuracy.
    case max
  }

  /// How the threshold applies.
  public enum ThresholdMode: String, Sendable {
    /// As a fraction of the best metric.
    case rel
    /// As a difference.
    case abs
  }

  /// What the scheduler remembers.
  private struct Memory: Codable {
    var best: Double
    var badSteps = 0
    var cooldown = 0
  }

  private let optimizer: any GroupedOptimizer
  private let mode: Mode
  private let factor: Double
  private let patience: Int
  private let threshold: Double
  private let thresholdMode: ThresholdMode
  private let cooldown: Int
  private let minLearningRate: GroupValues
  private let eps: Double
  private var memory: Memory

  /// Creates a scheduler.
  ///
  /// - Parameters:
  ///   - optimizer: The optimizer to control.
  ///   - mode: Whether a metric improves by falling or by rising.
  ///   - factor: The factor of a reduction.
  ///   - patience: The number of steps without an improvement before a reduction.
  ///   - threshold: The smallest change that is an improvement.
  ///   - thresholdMode: How the threshold applies.
  ///   - cooldown: The number of steps after a reduction that do not count.
  ///   - minLearningRate: The lowest rate, PyTorch's `min_lr`.
  ///   - eps: The smallest reduction that is made.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: The factor is less than 1.
  public init(
    _ optimizer: any GroupedOptimizer, mode: Mode = .min, factor: Double = 0.1, patience: Int = 10,
    threshold: Double = 1e-4, thresholdMode: ThresholdMode = .rel, cooldown: Int = 0,
    minLearningRate: GroupValues = 0, eps: Double = 1e-8, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      factor < 1, "ReduceLROnPlateau: factor is \(factor); use a number below 1", file: file,
      line: line)
    self.optimizer = optimizer
    self.mode = mode
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.thresholdMode = thresholdMode
    self.cooldown = cooldown
    self.minLearningRate = minLearningRate
    self.eps = eps
    memory = Memory(best: mode == .min ? .infinity : -.infinity)
  }

  /// Counts a step with a metric, and reduces the rates if it is time.
  public func step(_ metric: Double) {
    if isImprovement(metric) {
      memory.best = metric
      memory.badSteps = 0
    } else {
      memory.badSteps += 1
    }
    if memory.cooldown > 0 {
      memory.cooldown -= 1
      memory.badSteps = 0
    }
    guard memory.badSteps > patience else { return }
    for index in optimizer.groups.indices {
      let rate = optimizer.groups[index].learningRate
      let reduced = Swift.max(rate * factor, minLearningRate[index])
      if rate - reduced > eps { optimizer.groups[index].learningRate = reduced }
    }
    memory.cooldown = cooldown
    memory.badSteps = 0
  }

  private func isImprovement(_ metric: Double) -> Bool {
    switch (mode, thresholdMode) {
    case (.min, .rel): metric < memory.best * (1 - threshold)
    case (.min, .abs): metric < memory.best - threshold
    case (.max, .rel): metric > memory.best * (threshold + 1)
    case (.max, .abs): metric > memory.best + threshold
    }
  }
}

extension ReduceLROnPlateau: Stateful {
  /// Captures the best metric and the counts, but not the rates, which the optimizer's state has.
  public func captureState() throws(TorchError) -> State {
    var state = State()
    try state.set(memory, for: "plateau")
    return state
  }

  /// Restores a state.
  public func restoreState(_ state: State) throws(TorchError) {
    memory = try state.value("plateau")
  }
}
