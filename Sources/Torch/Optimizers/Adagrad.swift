/// Adagrad (Duchi, Hazan & Singer 2011), like PyTorch's `torch.optim.Adagrad`.
public final class Adagrad: ParameterOptimizer {
  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, or groups of them.
  ///   - learningRate: The learning rate.
  ///   - learningRateDecay: The decay of the learning rate, PyTorch's `lr_decay`.
  ///   - weightDecay: The weight decay.
  ///   - initialAccumulatorValue: The first value of the sums of squares.
  ///   - eps: Added to the square root of the sum.
  ///   - maximize: Whether the objective is maximized.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: All numbers are 0 or more, and each parameter is given once.
  public init(
    _ parameters: some OptimizerParameters, learningRate: Double = 1e-2,
    learningRateDecay: Double = 0, weightDecay: Double = 0, initialAccumulatorValue: Double = 0,
    eps: Double = 1e-10, maximize: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      parameters,
      [
        .learningRate(learningRate), .weightDecay(weightDecay),
        .nonNegative(.learningRateDecay, learningRateDecay),
        .nonNegative(.initialAccumulatorValue, initialAccumulatorValue), .nonNegative(.eps, eps),
        .flag(.maximize, maximize),
      ], file: file, line: line)
  }

  /// The sum of squared gradients and the number of steps.
  public override func initialState(of parameter: Tensor, in group: ParameterGroup) -> StateDict {
    ["sum": parameter.filledLike(group[.initialAccumulatorValue]), "step": .stepCount()]
  }

  override var implementationKeys: [String: PickleValue] {
    ["foreach": .none, "differentiable": false, "fused": .none]
  }

  /// Updates parameters and states.
  public override func update(_ batch: ParameterBatch) {
    let group = batch.group
    let steps = batch.countSteps()
    let gradients = batch.descent
    let sums = batch["sum"]
    sums.addcmul_(gradients, gradients)
    let deviations = sums.sqrt()
    deviations.add_(group[.eps])
    let updates = gradients.mul(
      steps.map { -group.learningRate / (1 + ($0 - 1) * group[.learningRateDecay]) })
    batch.parameters.addcdiv_(updates, deviations)
  }
}
