internal import CKernels

/// Adam with decoupled weight decay (Loshchilov & Hutter 2019), as PyTorch's `torch.optim.AdamW`.
///
/// The whole step is one pass over parameters, gradients and moments: on the CPU in release builds this package's
/// own, which scales gradients on the way, elsewhere libtorch's fused one.
public final class AdamW: Optimizer {
  /// What is updated, and how fast.
  public var groups: [ParameterGroup]
  private var beta1: Double
  private var beta2: Double
  private var epsilon: Double
  private var moments: [ObjectIdentifier: Moments] = [:]

  /// Whether this package's own kernel updates what it can; `nil` where that is faster.
  package var usesOwnKernel: Bool?

  /// Running means of a parameter's gradient and of its square, and the number of steps so far.
  private struct Moments {
    var first: Tensor
    var second: Tensor
    var step: Tensor
  }

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - groups: Parameters with their learning rates and weight decays.
  ///   - betas: The decay rates of the two running means.
  ///   - epsilon: Added to the root of the second mean.
  public init(
    _ groups: [ParameterGroup], betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8
  ) {
    self.groups = groups
    (beta1, beta2) = betas
    self.epsilon = epsilon
  }

  /// Updates all parameters that have a gradient, in place.
  public func step() { step(factor: nil) }

  /// As ``step()`` with all gradients multiplied by a scalar; on the CPU in the same pass, and gradients stay.
  public func step(scalingGradientsBy factor: Tensor) { step(factor: factor) }

  private func step(factor: Tensor?) {
    withoutGradients {
      for group in groups {
        let (parameters, gradients) = group.updates
        guard !parameters.isEmpty else { continue }
        let states = parameters.map(moments)
        let steps = states.map(\.step)
        foreachAdd.run(.tensors(steps), .int(1))
        let (firsts, seconds) = (states.map(\.first), states.map(\.second))
        if usesOwnKernel ?? ck_is_optimized(), parameters.allSatisfy(\.isPlain) {
          ownAdamW.run(
            .tensors(parameters), .tensors(gradients), .tensors(firsts), .tensors(seconds),
            .ints(steps.map { Int($0.item) }), .double(group.learningRate), .double(beta1),
            .double(beta2), .double(group.weightDecay), .double(epsilon),
            .double(factor?.item ?? 1))
          continue
        }
        if let factor { scaleGradients(of: parameters, by: factor) }
        fusedAdamW.run(
          .tensors(parameters), .tensors(gradients), .tensors(firsts), .tensors(seconds),
          .tensors([]), .tensors(steps), .double(group.learningRate), .double(beta1),
          .double(beta2), .double(group.weightDecay), .double(epsilon), .bool(false), .bool(false))
      }
    }
  }

  private func moments(of parameter: Tensor) -> Moments {
    let key = ObjectIdentifier(parameter)
    if let known = moments[key] { return known }
    func zeros() -> Tensor {
      Tensor(zeros: parameter.shape, dtype: parameter.dtype, device: parameter.device)
    }
    let made = Moments(
      first: zeros(), second: zeros(), step: Tensor(zeros: [], device: parameter.device))
    moments[key] = made
    return made
  }
}

extension AdamW: Stateful {
  /// The moments and step counts of the parameters that have any, under PyTorch's names, such as
  /// `exp_avg.0`, and the settings.
  public func captureState() throws(TorchError) -> State {
    var state = try capture([
      "exp_avg": moments.mapValues(\.first), "exp_avg_sq": moments.mapValues(\.second),
      "step": moments.mapValues(\.step),
    ])
    try state.set([beta1, beta2, epsilon], for: "betas and epsilon")
    return state
  }

  /// Goes on from a state; learning rates, weight decays and the other settings become the saved ones,
  /// as with PyTorch's `load_state_dict`.
  public func restoreState(_ state: State) throws(TorchError) {
    let settings = try state.value("betas and epsilon", as: [Double].self)
    guard settings.count == 3 else {
      throw TorchError(.mismatch, "the saved 'betas and epsilon' are \(settings)")
    }
    let (groups, tensors) = try restored(
      state, ["exp_avg": true, "exp_avg_sq": true, "step": false])
    adopt(groups)
    (beta1, beta2, epsilon) = (settings[0], settings[1], settings[2])
    moments = [:]
    for (parameter, first) in tensors["exp_avg"] ?? [:] {
      guard let second = tensors["exp_avg_sq"]?[parameter], let step = tensors["step"]?[parameter]
      else { preconditionFailure("restored(_:_:) returns all kinds for a parameter or none") }
      moments[parameter] = Moments(first: first, second: second, step: step)
    }
  }
}

private let foreachAdd = Operator("aten::_foreach_add_", "Scalar")
private let fusedAdamW = Operator("aten::_fused_adamw_")
// Of CTorch's Kernels.cpp.
private let ownAdamW = Operator("lockstep::adamw_")

extension Tensor {
  /// Whether this package's own kernel takes it.
  fileprivate var isPlain: Bool { device == .cpu && dtype == .float32 && isContiguous }
}
