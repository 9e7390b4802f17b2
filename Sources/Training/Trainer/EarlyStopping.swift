internal import Support
public import Torch

/// Ends training when a metric of the evaluation has stopped improving.
///
/// ```swift
/// trainer.evaluation = { model in ["loss": try validationLoss(model)] }
/// trainer.earlyStopping = EarlyStopping("loss", patience: 3, loadsBestWeights: true)
/// ```
///
/// All ranks use rank 0's metric, so they stop in the same step. Snapshots include the state: a
/// resumed run has the same best value and the same patience left.
public final class EarlyStopping {
  /// Which values of a metric are better.
  public enum Mode: String, Sendable, CaseIterable {
    /// Lower values, as for a loss.
    case min
    /// Higher values, as for an accuracy.
    case max
  }

  /// The name of the metric that ``Trainer/evaluation`` returns.
  public let metric: String
  /// The number of evaluations in a row without an improvement after which training ends.
  public let patience: Int
  /// The amount that a value must exceed the best one by to be an improvement.
  public let minimumImprovement: Double
  /// Which values are better.
  public let mode: Mode
  /// Whether `fit` ends with the weights of the best evaluation.
  ///
  /// The weights are copied on their device at each improvement. The final snapshot has the last
  /// weights, to resume from, besides the best ones.
  public let loadsBestWeights: Bool

  /// The best value; `nil` before the first evaluation.
  public private(set) var bestValue: Double?
  /// The number of completed steps at the best evaluation; `nil` before the first one.
  public private(set) var bestStep: Int?
  /// The number of evaluations since the last improvement.
  public private(set) var evaluationsWithoutImprovement = 0
  /// Whether the patience is exhausted.
  public var isExhausted: Bool { evaluationsWithoutImprovement >= patience }

  private var bestWeights: StateDict = [:]

  /// Creates the rule.
  ///
  /// - Parameters:
  ///   - metric: The name of the metric that ``Trainer/evaluation`` returns.
  ///   - patience: The number of evaluations in a row without an improvement after which training
  ///     ends.
  ///   - minimumImprovement: The amount that a value must exceed the best one by.
  ///   - mode: Which values are better.
  ///   - loadsBestWeights: Whether `fit` ends with the weights of the best evaluation.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: `patience` is at least 1, and `minimumImprovement` at least 0.
  public init(
    _ metric: String, patience: Int, minimumImprovement: Double = 0, mode: Mode = .min,
    loadsBestWeights: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      patience >= 1, "EarlyStopping: patience is \(patience); use 1 or more", file: file,
      line: line)
    require(
      minimumImprovement >= 0,
      "EarlyStopping: minimumImprovement is \(minimumImprovement); use 0 or more", file: file,
      line: line)
    self.metric = metric
    self.patience = patience
    self.minimumImprovement = minimumImprovement
    self.mode = mode
    self.loadsBestWeights = loadsBestWeights
  }

  /// Counts an evaluation; NaN is not an improvement.
  ///
  /// - Parameters:
  ///   - value: The value of the metric; the same on all ranks.
  ///   - step: The number of completed steps.
  ///   - weights: The model's weights, copied if they are the best so far.
  package func record(_ value: Double, step: Int, weights: StateDict) {
    guard isImprovement(value) else {
      evaluationsWithoutImprovement += 1
      return
    }
    bestValue = value
    bestStep = step
    evaluationsWithoutImprovement = 0
    if loadsBestWeights { bestWeights = weights.mapValues { $0.detach().clone() } }
  }

  private func isImprovement(_ value: Double) -> Bool {
    guard let bestValue else { return !value.isNaN }
    switch mode {
    case .min: return value < bestValue - minimumImprovement
    case .max: return value > bestValue + minimumImprovement
    }
  }

  /// Copies the best weights into a model, if there are any.
  func loadBest(into model: some Module) throws(TorchError) {
    if loadsBestWeights, !bestWeights.isEmpty { _ = try model.loadStateDict(bestWeights) }
  }
}

extension EarlyStopping: Stateful {
  /// Returns the best value and step, the patience used, and the best weights.
  public func captureState() throws(TorchError) -> State {
    var state = State(tensors: bestWeights)
    try state.set(metric, for: "metric")
    try state.set(mode.rawValue, for: "mode")
    try state.set(bestValue, for: "best value")
    try state.set(bestStep, for: "best step")
    try state.set(evaluationsWithoutImprovement, for: "without improvement")
    return state
  }

  /// Restores the state of ``captureState()``.
  ///
  /// - Throws: ``TorchError`` with code `mismatch` if the state is that of another metric or mode,
  ///   or has no best weights although ``loadsBestWeights`` is set.
  public func restoreState(_ state: State) throws(TorchError) {
    let saved = (
      metric: try state.value("metric", as: String.self),
      mode: try state.value("mode", as: String.self)
    )
    guard saved == (metric, mode.rawValue) else {
      throw TorchError(
        .mismatch,
        "it compares the \(saved.mode) of '\(saved.metric)', but this run the \(mode.rawValue) of "
          + "'\(metric)'")
    }
    let value = try state.value("best value", as: Double?.self)
    let step = try state.value("best step", as: Int?.self)
    guard !loadsBestWeights || step == nil || !state.tensors.isEmpty else {
      throw TorchError(
        .mismatch,
        "it has no best weights, because it was saved without loadsBestWeights")
    }
    evaluationsWithoutImprovement = try state.value("without improvement")
    bestValue = value
    bestStep = step
    bestWeights = loadsBestWeights ? state.tensors : [:]
  }
}
