internal import Glibc

/// Averaged stochastic gradient descent (Polyak & Juditsky 1992), like PyTorch's
/// `torch.optim.ASGD`.
///
/// The averages are the tensors `ax` of the state.
public final class ASGD: ParameterOptimizer {
  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, or groups of them.
  ///   - learningRate: The learning rate.
  ///   - lambd: The decay term.
  ///   - alpha: The power of the decay of the learning rate.
  ///   - t0: The step at which averaging starts.
  ///   - weightDecay: The weight decay.
  ///   - maximize: Whether the objective is maximized.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: The learning rate and the weight decay are 0 or more. Each parameter is given
  ///   once.
  public init(
    _ parameters: some OptimizerParameters, learningRate: Double = 1e-2, lambd: Double = 1e-4,
    alpha: Double = 0.75, t0: Double = 1e6, weightDecay: Double = 0, maximize: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      parameters,
      [
        .learningRate(learningRate), .weightDecay(weightDecay), .number(.lambd, lambd),
        .number(.alpha, alpha), .number(.t0, t0), .flag(.maximize, maximize),
      ], file: file, line: line)
  }

  /// The average, its weight, the learning rate, and the number of steps.
  public override func initialState(of parameter: Tensor, in group: ParameterGroup) -> StateDict {
    let device = parameter.device
    return [
      "ax": parameter.zerosLike(), "mu": Tensor.stepCount(on: device).filledLike(1),
      "eta": Tensor.stepCount(on: device).filledLike(group.learningRate),
      "step": .stepCount(on: device),
    ]
  }

  /// Updates parameters and states.
  public override func update(_ batch: ParameterBatch) {
    let group = batch.group
    let rate = group.learningRate
    let lambd = group[.lambd]
    let steps = batch.countSteps()
    let averages = batch["ax"]
    let weights = batch["mu"]
    let rates = batch["eta"]
    let updates = batch.descent.add(batch.parameters, alpha: lambd)
    batch.parameters.addcmul_(updates, rates, value: -1)
    averages.addcmul_(batch.parameters.sub(averages), weights)
    for (index, step) in steps.enumerated() {
      let counted = batch["step"][index]
      rates[index].copy_(rate / (1 + lambd * rate * counted).pow(group[.alpha]))
      weights[index].fill_(1 / max(1, step - group[.t0]))
    }
  }
}
