internal import Support

/// Stochastic gradient descent, like PyTorch's `torch.optim.SGD` without dampening.
///
/// v = μ v + (g + λ w); w = w - η v; without momentum w = w - η (g + λ w). Uses libtorch's fused
/// kernel.
public final class SGD: Optimizer {
  /// The parameters to update, with their learning rates and weight decays.
  public var groups: [ParameterGroup]
  private var momentum: Double
  private var velocities = ParameterStates<Velocity>()

  private struct Velocity: ParameterState {
    let buffer: Tensor

    init(for parameter: Tensor) {
      buffer = Tensor.zeros(parameter.shape, dtype: parameter.dtype, device: parameter.device)
    }

    var tensors: StateDict { ["momentum_buffer": buffer] }
  }

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - groups: The parameters with their learning rates and weight decays.
  ///   - momentum: The momentum μ; 0 disables it.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: The momentum is 0 or more, and each parameter is given once.
  public init(
    _ groups: [ParameterGroup], momentum: Double = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(momentum >= 0, "the momentum is \(momentum); use 0 or more", file: file, line: line)
    requireDistinct(groups, file: file, line: line)
    self.groups = groups
    self.momentum = momentum
  }

  /// Creates an optimizer with one group.
  public convenience init(
    _ parameters: [Tensor], learningRate: Double, momentum: Double = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      [ParameterGroup(parameters, learningRate: learningRate, file: file, line: line)],
      momentum: momentum, file: file, line: line)
  }

  /// Updates all parameters that have a gradient, in place; never throws.
  public func step() throws {
    noGrad {
      for group in groups {
        let (parameters, gradients) = group.updates
        guard !parameters.isEmpty else { continue }
        // PyTorch initializes the velocity with the first gradient. Starting from zeros is
        // equivalent.
        let velocities =
          momentum == 0 ? [] : parameters.map { self.velocities.state(of: $0).buffer }
        fusedSGD.run(
          .tensors(parameters), .tensors(gradients), .tensors(velocities),
          .double(group.weightDecay), .double(momentum), .double(group.learningRate),
          .double(0), .bool(false), .bool(false), .bool(false))
      }
    }
  }

  /// Returns the groups, the momentum, and the velocities of the updated parameters.
  ///
  /// The velocity has PyTorch's name, `momentum_buffer`.
  public func stateDict() throws(TorchError) -> OptimizerState {
    var state = OptimizerState(groups, velocities)
    try state.setHyperparameter(momentum, for: "momentum")
    return state
  }

  /// Restores a state, including learning rates, weight decays and the momentum.
  public func loadStateDict(_ state: OptimizerState) throws(TorchError) {
    let momentum = try state.hyperparameter("momentum", as: Double.self)
    velocities = try state.parameterStates(for: groups)
    adoptGroupSettings(of: state)
    self.momentum = momentum
  }
}

private let fusedSGD = Operator("aten::_fused_sgd_")
