/// Adadelta (Zeiler 2012), like PyTorch's `torch.optim.Adadelta`.
public final class Adadelta: ParameterOptimizer {
  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, or groups of them.
  ///   - learningRate: The factor of the updates.
  ///   - rho: The decay rate of the running means.
  ///   - eps: Added to both means.
  ///   - weightDecay: The weight decay.
  ///   - maximize: Whether the objective is maximized.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: `rho` is in [0, 1]; the other numbers are 0 or more. Each parameter is given
  ///   once.
  public init(
    _ parameters: some OptimizerParameters, learningRate: Double = 1, rho: Double = 0.9,
    eps: Double = 1e-6, weightDecay: Double = 0, maximize: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      parameters,
      [
        .learningRate(learningRate), .weightDecay(weightDecay),
        .number(.rho, rho) { 0...1 ~= $0 ? nil : "use 0 or more and 1 or less" },
        .nonNegative(.eps, eps), .flag(.maximize, maximize),
      ], file: file, line: line)
  }

  /// The running means of squared gradients and of squared updates, and the number of steps.
  public override func initialState(of parameter: Tensor, in group: ParameterGroup) -> StateDict {
    ["square_avg": parameter.zerosLike(), "acc_delta": parameter.zerosLike(), "step": .stepCount()]
  }

  /// Updates parameters and states.
  public override func update(_ batch: ParameterBatch) {
    let group = batch.group
    let rho = group[.rho]
    let eps = group[.eps]
    batch["step"].add_(1)
    let gradients = batch.descent
    let squares = batch["square_avg"]
    let changes = batch["acc_delta"]
    squares.mul_(rho)
    squares.addcmul_(gradients, gradients, value: 1 - rho)
    let deviations = squares.add(eps)
    deviations.sqrt_()
    let updates = changes.add(eps)
    updates.sqrt_()
    updates.div_(deviations)
    updates.mul_(gradients)
    changes.mul_(rho)
    changes.addcmul_(updates, updates, value: 1 - rho)
    batch.parameters.add_(updates, alpha: -group.learningRate)
  }
}
