internal import CKernels
internal import Support

/// Adam with decoupled weight decay (Loshchilov & Hutter 2019), like PyTorch's `torch.optim.AdamW`.
///
/// A step is one pass over parameters, gradients and moments. In release builds on the CPU it uses
/// this package's kernel, which also scales the gradients; otherwise libtorch's fused kernel.
public final class AdamW: Optimizer {
  /// The parameters to update, with their learning rates and weight decays.
  public var groups: [ParameterGroup]
  private var beta1: Double
  private var beta2: Double
  private var epsilon: Double
  private var moments = ParameterStates<Moments>()

  /// Whether to use this package's kernel where it applies; `nil` to use it where it is faster.
  package var usesOwnKernel: Bool?

  /// The running means of a parameter's gradient and of its square, and the number of steps.
  private struct Moments: ParameterState {
    let first: Tensor
    let second: Tensor
    let step: Tensor

    init(for parameter: Tensor) {
      first = Tensor.zeros(parameter.shape, dtype: parameter.dtype, device: parameter.device)
      second = Tensor.zeros(parameter.shape, dtype: parameter.dtype, device: parameter.device)
      step = Tensor.zeros([], device: parameter.device)
    }

    var tensors: StateDict { ["exp_avg": first, "exp_avg_sq": second, "step": step] }
  }

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - groups: The parameters with their learning rates and weight decays.
  ///   - betas: The decay rates of the two running means.
  ///   - epsilon: Added to the square root of the second mean.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: The betas are in [0, 1), epsilon is 0 or more, and each parameter is given
  ///   once.
  public init(
    _ groups: [ParameterGroup], betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    for beta in [betas.0, betas.1] {
      require(
        0..<1 ~= beta, "a beta is \(beta); use 0 or more and less than 1", file: file, line: line)
    }
    require(epsilon >= 0, "epsilon is \(epsilon); use 0 or more", file: file, line: line)
    requireDistinct(groups, file: file, line: line)
    self.groups = groups
    (beta1, beta2) = betas
    self.epsilon = epsilon
  }

  /// Updates all parameters that have a gradient, in place; never throws.
  public func step() throws { step(factor: nil) }

  /// Like ``step()``, with all gradients multiplied by a scalar.
  ///
  /// On the CPU in release builds, this needs no extra pass and leaves `grad` unchanged.
  public func step(scalingGradientsBy factor: Tensor) throws { step(factor: factor) }

  private func step(factor: Tensor?) {
    noGrad {
      for group in groups {
        let (parameters, gradients) = group.updates
        guard !parameters.isEmpty else { continue }
        let states = parameters.map { moments.state(of: $0) }
        let steps = states.map(\.step)
        foreachAdd.run(.tensors(steps), .int(1))
        let firsts = states.map(\.first)
        let seconds = states.map(\.second)
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

  /// Returns the groups, betas, epsilon, and the moments and step counts of the updated parameters.
  ///
  /// Tensors have PyTorch's names: `exp_avg`, `exp_avg_sq` and `step`.
  public func stateDict() throws(TorchError) -> OptimizerState {
    var state = OptimizerState(groups, moments)
    try state.setHyperparameter([beta1, beta2, epsilon], for: settingsKey)
    return state
  }

  /// Restores a state, including learning rates, weight decays, betas and epsilon.
  public func loadStateDict(_ state: OptimizerState) throws(TorchError) {
    let settings = try state.hyperparameter(settingsKey, as: [Double].self)
    guard settings.count == 3 else {
      throw TorchError(.mismatch, "the saved '\(settingsKey)' has \(settings.count) values, not 3")
    }
    moments = try state.parameterStates(for: groups)
    adoptGroupSettings(of: state)
    beta1 = settings[0]
    beta2 = settings[1]
    epsilon = settings[2]
  }
}

private let settingsKey = "betas and epsilon"
private let foreachAdd = Operator("aten::_foreach_add_", "Scalar")
private let fusedAdamW = Operator("aten::_fused_adamw_")
// Implemented in CTorch/Kernels/AdamW.cpp.
private let ownAdamW = Operator("lockstep::adamw_")

extension Tensor {
  /// Whether this package's kernel supports the tensor.
  fileprivate var isPlain: Bool { device == .cpu && dtype == .float32 && isContiguous }
}
