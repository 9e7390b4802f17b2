/// Resilient backpropagation (Riedmiller & Braun 1993), like PyTorch's `torch.optim.Rprop`.
///
/// Each element has a step size, which grows while the sign of its gradient stays the same. It is
/// for gradients of the whole data set.
public final class Rprop: ParameterOptimizer {
  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, or groups of them.
  ///   - learningRate: The first step size.
  ///   - etas: The factors by which a step size decreases and increases.
  ///   - stepSizes: The smallest and the largest step size.
  ///   - maximize: Whether the objective is maximized.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: The learning rate is 0 or more; the first of `etas` is in (0, 1), the second
  ///   above 1. Each parameter is given once.
  public init(
    _ parameters: some OptimizerParameters, learningRate: Double = 1e-2,
    etas: (Double, Double) = (0.5, 1.2), stepSizes: (Double, Double) = (1e-6, 50),
    maximize: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      parameters,
      [
        .learningRate(learningRate),
        .numbers(.etas, [etas.0, etas.1]) { etas in
          etas.count == 2 && 0 < etas[0] && etas[0] < 1 && 1 < etas[1]
            ? nil : "use a number between 0 and 1 and one above 1"
        },
        .numbers(.stepSizes, [stepSizes.0, stepSizes.1]) { sizes in
          sizes.count == 2 && sizes[0] <= sizes[1] ? nil : "use the smaller one first"
        },
        .flag(.maximize, maximize),
      ], file: file, line: line)
  }

  /// The previous gradient, the step sizes, and the number of steps.
  public override func initialState(of parameter: Tensor, in group: ParameterGroup) -> StateDict {
    [
      "prev": parameter.zerosLike(), "step_size": parameter.filledLike(group.learningRate),
      "step": .stepCount(),
    ]
  }

  /// Updates parameters and states.
  public override func update(_ batch: ParameterBatch) {
    let etas = batch.group[.etas]
    let limits = batch.group[.stepSizes]
    batch["step"].add_(1)
    let gradients = batch.descent
    let previous = batch["prev"]
    let sizes = batch["step_size"]
    let factors = gradients.mul(previous).map { product in
      Tensor.where(
        product .> 0, etas[1], Tensor.where(product .< 0, etas[0], product.onesLike()))
    }
    sizes.mul_(factors)
    for (index, size) in sizes.enumerated() {
      size.copy_(size.clamp(min: limits[0], max: limits[1]))
      // Where the sign changed, this step does not update, and the next one has no sign to compare.
      previous[index].copy_(gradients[index].maskedFill(factors[index] .== etas[0], 0))
    }
    batch.parameters.addcmul_(previous.sign(), sizes, value: -1)
  }
}
