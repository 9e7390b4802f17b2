internal import Glibc

/// Adam with a rectified second mean, after Liu and others 2020, like PyTorch's
/// `torch.optim.RAdam`.
///
/// In the first steps, in which the variance of the second mean is unknown, it is not used.
public final class RAdam: ParameterOptimizer {
  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, or groups of them.
  ///   - learningRate: The learning rate.
  ///   - betas: The decay rates of the running means of the gradient and of its square.
  ///   - eps: Added to the square root of the second mean.
  ///   - weightDecay: The weight decay.
  ///   - decoupledWeightDecay: Whether weights decay apart from the gradient, as in ``AdamW``.
  ///   - maximize: Whether the objective is maximized.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: The betas are in [0, 1); the other numbers are 0 or more. Each parameter is
  ///   given once.
  public init(
    _ parameters: some OptimizerParameters, learningRate: Double = 1e-3,
    betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8, weightDecay: Double = 0,
    decoupledWeightDecay: Bool = false, maximize: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    super.init(
      parameters,
      [
        .learningRate(learningRate), .weightDecay(weightDecay), .betas(betas),
        .nonNegative(.eps, eps),
        .flag(.decoupledWeightDecay, decoupledWeightDecay), .flag(.maximize, maximize),
      ], file: file, line: line)
  }

  /// The running means and the number of steps.
  public override func initialState(of parameter: Tensor, in group: ParameterGroup) -> StateDict {
    [
      "exp_avg": parameter.zerosLike(), "exp_avg_sq": parameter.zerosLike(), "step": .stepCount(),
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

    let longest = 2 / (1 - beta2) - 1
    let rectifications = steps.map { step -> Double in
      let length = longest - 2 * step * pow(beta2, step) / (1 - pow(beta2, step))
      guard length > 5 else { return 0 }
      return pow(
        (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length), 0.5)
    }
    let corrections = steps.map { 1 - pow(beta1, $0) }
    let factors = squares.sqrt()
    factors.add_(group[.eps])
    let rectified = steps.indices.map { index -> Double in
      let size = rate * rectifications[index] / corrections[index]
      return -(pow(1 - pow(beta2, steps[index]), 0.5) * size)
    }
    let unrectified = steps.indices.map { index -> Double in
      -(rate * (rectifications[index] > 0 ? 0 : 1) / corrections[index])
    }
    factors.div_(rectified)
    factors.reciprocal_()
    factors.add_(unrectified)
    batch.parameters.addcmul_(means, factors)
  }
}
