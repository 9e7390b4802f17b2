/// Lion: steps of equal size in the direction of the sign of an interpolated momentum.
///
/// Chen and others 2023, "Symbolic Discovery of Optimization Algorithms".
///
/// c = β₁ m + (1 - β₁) g; w = w - η (sign(c) + λ w); m = β₂ m + (1 - β₂) g.
public final class Lion: ParameterOptimizer {
  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, or groups of them.
  ///   - learningRate: The learning rate η; the paper uses 3 to 10 times less than for AdamW.
  ///   - betas: β₁ of the interpolation and β₂ of the momentum.
  ///   - weightDecay: The weight decay λ; the paper uses 3 to 10 times more than for AdamW.
  ///   - maximize: Whether the objective is maximized.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: The betas are in [0, 1); the learning rate and the weight decay are 0 or more.
  ///   Each parameter is given once.
  public init(
    _ parameters: some OptimizerParameters, learningRate: Double = 1e-4,
    betas: (Double, Double) = (0.9, 0.99), weightDecay: Double = 0, maximize: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      parameters,
      [
        .learningRate(learningRate), .weightDecay(weightDecay), .betas(betas),
        .flag(.maximize, maximize),
      ], file: file,
      line: line)
  }

  /// The momentum.
  public override func initialState(of parameter: Tensor, in group: ParameterGroup) -> StateDict {
    ["exp_avg": parameter.zerosLike()]
  }

  override var implementationKeys: [String: PickleValue] { [:] }

  /// Updates parameters and momenta.
  public override func update(_ batch: ParameterBatch) {
    let group = batch.group
    let beta1 = group[.betas][0]
    let beta2 = group[.betas][1]
    let gradients = batch.regularized(by: 0)
    let momenta = batch["exp_avg"]
    let directions = momenta.map { $0.clone() }
    directions.lerp_(gradients, 1 - beta1)
    batch.decayParameters()
    batch.parameters.add_(directions.sign(), alpha: -group.learningRate)
    momenta.lerp_(gradients, 1 - beta2)
  }
}
