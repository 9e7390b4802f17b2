/// Stochastic gradient descent, as PyTorch's `torch.optim.SGD` without dampening.
///
/// v = μ v + (g + λ w); w = w - η v; without momentum w = w - η (g + λ w). One fused pass of libtorch.
public final class SGD: Optimizer {
  /// What is updated, and how fast.
  public var groups: [ParameterGroup]
  private var momentum: Double
  private var velocities: [ObjectIdentifier: Tensor] = [:]

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - groups: Parameters with their learning rates and weight decays.
  ///   - momentum: μ; 0 for none.
  public init(_ groups: [ParameterGroup], momentum: Double = 0) {
    self.groups = groups
    self.momentum = momentum
  }

  /// Creates an optimizer with one group.
  public convenience init(_ parameters: [Tensor], learningRate: Double, momentum: Double = 0) {
    self.init([ParameterGroup(parameters, learningRate: learningRate)], momentum: momentum)
  }

  /// Updates all parameters that have a gradient, in place.
  public func step() {
    withoutGradients {
      for group in groups {
        let (parameters, gradients) = group.updates
        guard !parameters.isEmpty else { continue }
        // libtorch fills the velocity at the first step; zeros make the same sum without a flag.
        let velocities = momentum == 0 ? [] : parameters.map(velocity)
        fusedSGD.run(
          .tensors(parameters), .tensors(gradients), .tensors(velocities),
          .double(group.weightDecay), .double(momentum), .double(group.learningRate),
          .double(0), .bool(false), .bool(false), .bool(false))
      }
    }
  }

  private func velocity(of parameter: Tensor) -> Tensor {
    let key = ObjectIdentifier(parameter)
    if let velocity = velocities[key] { return velocity }
    let velocity = Tensor(zeros: parameter.shape, dtype: parameter.dtype, device: parameter.device)
    velocities[key] = velocity
    return velocity
  }
}

extension SGD: Stateful {
  /// The velocities of the parameters that have one, under PyTorch's name, such as
  /// `momentum_buffer.0`, and the settings.
  public func captureState() throws(TorchError) -> State {
    var state = try capture(["momentum_buffer": velocities])
    try state.set(momentum, for: "momentum")
    return state
  }

  /// Goes on from a state; learning rates, weight decays and the momentum become the saved ones, as
  /// with PyTorch's `load_state_dict`.
  public func restoreState(_ state: State) throws(TorchError) {
    let momentum = try state.value("momentum", as: Double.self)
    let (groups, tensors) = try restored(state, ["momentum_buffer": true])
    adopt(groups)
    self.momentum = momentum
    velocities = tensors["momentum_buffer"] ?? [:]
  }
}

private let fusedSGD = Operator("aten::_fused_sgd_")
