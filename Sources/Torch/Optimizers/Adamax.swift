internal import Glibc

/// Adam with the infinity norm (Kingma & Ba 2015), like PyTorch's `torch.optim.Adamax`.
public final class Adamax: ParameterOptimizer {
  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, or groups of them.
  ///   - learningRate: The learning rate.
  ///   - betas: The decay rates of the running mean and of the largest gradient.
  ///   - eps: Added to the absolute gradient.
  ///   - weightDecay: The weight decay.
  ///   - maximize: Whether the objective is maximized.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: The betas are in [0, 1); the other numbers are 0 or more. Each parameter is
  ///   given once.
  public init(
    _ parameters: some OptimizerParameters, learningRate: Double = 2e-3,
    betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8, weightDecay: Double = 0,
    maximize: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      parameters,
      [
        .learningRate(learningRate), .weightDecay(weightDecay), .betas(betas),
        .nonNegative(.eps, eps), .flag(.maximize, maximize),
      ], file: file, line: line)
  }

  /// The running mean, the largest gradient, and the number of steps.
  public override func initialState(of parameter: Tensor, in group: ParameterGroup) -> StateDict {
    ["exp_avg": parameter.zerosLike(), "exp_inf": parameter.zerosLike(), "step": .stepCount()]
  }

  /// Updates parameters and states.
  public override func update(_ batch: ParameterBatch) {
    let group = batch.group
    let beta1 = group[.betas][0]
    let beta2 = group[.betas][1]
    let steps = batch.countSteps()
    let gradients = batch.descent
    let means = batch["exp_avg"]
    let largest = batch["exp_inf"]
    means.lerp_(gradients, 1 - beta1)
    largest.mul_(beta2)
    let absolute = gradients.abs()
    absolute.add_(group[.eps])
    largest.maximum_(absolute)
    batch.parameters.addcdiv_(
      means, largest, values: steps.map { -(group.learningRate / (1 - pow(beta1, $0))) })
  }
}
