internal import Glibc

/// Adam with Nesterov's momentum (Dozat 2016), like PyTorch's `torch.optim.NAdam`.
public final class NAdam: ParameterOptimizer {
  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, or groups of them.
  ///   - learningRate: The learning rate.
  ///   - betas: The decay rates of the running means of the gradient and of its square.
  ///   - eps: Added to the square root of the second mean.
  ///   - weightDecay: The weight decay.
  ///   - momentumDecay: The decay of the momentum.
  ///   - decoupledWeightDecay: Whether weights decay apart from the gradient, as in ``AdamW``.
  ///   - maximize: Whether the objective is maximized.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: The betas are in [0, 1); the other numbers are 0 or more. Each parameter is
  ///   given once.
  public init(
    _ parameters: some OptimizerParameters, learningRate: Double = 2e-3,
    betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8, weightDecay: Double = 0,
    momentumDecay: Double = 4e-3, decoupledWeightDecay: Bool = false, maximize: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      parameters,
      [
        .learningRate(learningRate), .weightDecay(weightDecay), .betas(betas),
        .nonNegative(.eps, eps), .nonNegative(.momentumDecay, momentumDecay),
        .flag(.decoupledWeightDecay, decoupledWeightDecay), .flag(.maximize, maximize),
      ], file: file, line: line)
  }

  /// The running means, the product of the momenta, and the number of steps.
  public override func initialState(of parameter: Tensor, in group: ParameterGroup) -> StateDict {
    [
      "exp_avg": parameter.zerosLike(), "exp_avg_sq": parameter.zerosLike(),
      "mu_product": Tensor.stepCount().filledLike(1), "step": .stepCount(),
    ]
  }

  /// Updates parameters and states.
  public override func update(_ batch: ParameterBatch) {
    let group = batch.group
    let rate = group.learningRate
    let beta1 = group[.betas][0]
    let beta2 = group[.betas][1]
    let steps = batch.countSteps()
    let gradients = batch.decayedDescent
    let means = batch["exp_avg"]
    let squares = batch["exp_avg_sq"]
    means.lerp_(gradients, 1 - beta1)
    squares.mul_(beta2)
    squares.addcmul_(gradients, gradients, value: 1 - beta2)

    func momentum(_ step: Double) -> Double {
      beta1 * (1 - 0.5 * pow(0.96, step * group[.momentumDecay]))
    }
    let current = steps.map { momentum($0) }
    let next = steps.map { momentum($0 + 1) }
    let products = batch["mu_product"]
    products.mul_(current)
    let denominators = squares.sqrt()
    denominators.div_(steps.map { pow(1 - pow(beta2, $0), 0.5) })
    denominators.add_(group[.eps])
    let product = products.map(\.item)
    batch.parameters.addcdiv_(
      gradients, denominators,
      values: zip(product, current).map { -(rate * (1 - $1) / (1 - $0)) })
    batch.parameters.addcdiv_(
      means, denominators, values: zip(product, next).map { -(rate * $1 / (1 - $0 * $1)) })
  }
}
