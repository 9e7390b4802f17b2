/// RMSprop (Hinton 2012), like PyTorch's `torch.optim.RMSprop`.
public final class RMSprop: ParameterOptimizer {
  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, or groups of them.
  ///   - learningRate: The learning rate.
  ///   - alpha: The decay rate of the running mean of squared gradients.
  ///   - eps: Added to the square root of the mean.
  ///   - weightDecay: The weight decay.
  ///   - momentum: The momentum; 0 disables it.
  ///   - centered: Whether the square of the mean gradient is subtracted (Graves 2013).
  ///   - maximize: Whether the objective is maximized.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: All numbers are 0 or more, and each parameter is given once.
  public init(
    _ parameters: some OptimizerParameters, learningRate: Double = 1e-2, alpha: Double = 0.99,
    eps: Double = 1e-8, weightDecay: Double = 0, momentum: Double = 0, centered: Bool = false,
    maximize: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      parameters,
      [
        .learningRate(learningRate), .weightDecay(weightDecay), .nonNegative(.alpha, alpha),
        .nonNegative(.eps, eps), .nonNegative(.momentum, momentum),
        .flag(.centered, centered), .flag(.maximize, maximize),
      ], file: file, line: line)
  }

  /// The running means, the momentum, and the number of steps.
  public override func initialState(of parameter: Tensor, in group: ParameterGroup) -> StateDict {
    var state = ["square_avg": parameter.zerosLike(), "step": Tensor.stepCount()]
    if group[.momentum] > 0 { state["momentum_buffer"] = parameter.zerosLike() }
    if group[.centered] { state["grad_avg"] = parameter.zerosLike() }
    return state
  }

  /// The momentum and the mean gradient, which exist with their hyperparameters.
  public override var optionalState: Set<String> { ["momentum_buffer", "grad_avg"] }

  /// Updates parameters and states.
  public override func update(_ batch: ParameterBatch) {
    let group = batch.group
    let alpha = group[.alpha]
    batch["step"].add_(1)
    let gradients = batch.descent
    let squares = batch["square_avg"]
    squares.mul_(alpha)
    squares.addcmul_(gradients, gradients, value: 1 - alpha)
    let deviations: [Tensor]
    if group[.centered] {
      let means = batch["grad_avg"]
      means.lerp_(gradients, 1 - alpha)
      deviations = squares.addcmul(means, means, value: -1)
      deviations.sqrt_()
    } else {
      deviations = squares.sqrt()
    }
    deviations.add_(group[.eps])
    if group[.momentum] > 0 {
      let momenta = batch["momentum_buffer"]
      momenta.mul_(group[.momentum])
      momenta.addcdiv_(gradients, deviations)
      batch.parameters.add_(momenta, alpha: -group.learningRate)
    } else {
      batch.parameters.addcdiv_(gradients, deviations, value: -group.learningRate)
    }
  }
}
