/// Stochastic gradient descent, like PyTorch's `torch.optim.SGD`.
///
/// v = μ v + (1 - d) (g + λ w), where the first v is g + λ w; w = w - η v; with Nesterov's momentum
/// w = w - η (g + λ w + μ v). Uses libtorch's fused kernel.
public final class SGD: ParameterOptimizer {
  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, or groups of them.
  ///   - learningRate: The learning rate η.
  ///   - momentum: The momentum μ; 0 disables it.
  ///   - dampening: How much d of a gradient the momentum leaves out.
  ///   - weightDecay: The weight decay λ.
  ///   - nesterov: Whether the momentum is Nesterov's (Sutskever et al. 2013).
  ///   - maximize: Whether the objective is maximized.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: The learning rate, the momentum and the weight decay are 0 or more. Nesterov's
  ///   momentum needs a momentum, and no dampening. Each parameter is given once.
  public init(
    _ parameters: some OptimizerParameters, learningRate: Double = 1e-3, momentum: Double = 0,
    dampening: Double = 0, weightDecay: Double = 0, nesterov: Bool = false, maximize: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      parameters,
      [
        .learningRate(learningRate), .weightDecay(weightDecay), .nonNegative(.momentum, momentum),
        .number(.dampening, dampening), .flag(.nesterov, nesterov),
        .flag(.maximize, maximize),
      ], file: file, line: line)
  }

  /// Nesterov's momentum is defined for a momentum without dampening.
  public override func conflict(in group: ParameterGroup) -> String? {
    guard group[.nesterov], group[.momentum] == 0 || group[.dampening] != 0 else { return nil }
    return "nesterov is true, but momentum is \(group[.momentum]) and dampening "
      + "\(group[.dampening]); use a momentum above 0 and no dampening"
  }

  /// The momentum of a parameter.
  public override func initialState(of parameter: Tensor, in group: ParameterGroup) -> StateDict {
    group[.momentum] == 0 ? [:] : ["momentum_buffer": parameter.zerosLike()]
  }

  /// The momentum, which exists unless the hyperparameter is 0.
  public override var optionalState: Set<String> { ["momentum_buffer"] }

  override var implementationKeys: [String: PickleValue] {
    ["foreach": .none, "differentiable": false, "fused": .none]
  }

  /// Updates parameters and momenta.
  public override func update(_ batch: ParameterBatch) {
    let group = batch.group
    let momentum = group[.momentum]
    // The first momentum is the gradient, of which the dampening leaves nothing out.
    for part in momentum == 0 ? [batch] : batch.dividedByAge {
      fusedSGD.run(
        .tensors(part.parameters), .tensors(part.gradients),
        .tensors(momentum == 0 ? [] : part["momentum_buffer"]), .double(group.weightDecay),
        .double(momentum), .double(group.learningRate), .double(group[.dampening]),
        .bool(group[.nesterov]), .bool(group[.maximize]), .bool(part.isNew))
    }
  }
}

private let fusedSGD = Operator("aten::_fused_sgd_")
