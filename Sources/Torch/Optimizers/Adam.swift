internal import CKernels

/// Adam (Kingma & Ba 2015), like PyTorch's `torch.optim.Adam`.
///
/// A step is one pass over parameters, gradients and moments. In release builds on the CPU AdamW
/// uses this package's kernel, which also scales the gradients; otherwise libtorch's fused kernel.
public class Adam: ParameterOptimizer {
  /// Whether to use this package's kernel where it applies; `nil` to use it where it is faster.
  package var usesOwnKernel: Bool?

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, or groups of them.
  ///   - learningRate: The learning rate.
  ///   - betas: The decay rates of the running means of the gradient and of its square.
  ///   - eps: Added to the square root of the second mean.
  ///   - weightDecay: The weight decay, added to the gradient.
  ///   - amsgrad: Whether the second mean is a maximum over all steps (Reddi, Kale & Kumar 2018).
  ///   - maximize: Whether the objective is maximized.
  ///   - decoupledWeightDecay: Whether weights decay apart from the gradient, as in ``AdamW``.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: The betas are in [0, 1); the learning rate, eps and the weight decay are 0 or
  ///   more. Each parameter is given once.
  public init(
    _ parameters: some OptimizerParameters, learningRate: Double = 1e-3,
    betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8, weightDecay: Double = 0,
    amsgrad: Bool = false, maximize: Bool = false, decoupledWeightDecay: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      parameters,
      [
        .learningRate(learningRate), .weightDecay(weightDecay), .betas(betas),
        .nonNegative(.eps, eps), .flag(.amsgrad, amsgrad),
        .flag(.maximize, maximize), .flag(.decoupledWeightDecay, decoupledWeightDecay),
      ], file: file, line: line)
  }

  /// The running means of a parameter's gradient and of its square, and the number of steps.
  public override func initialState(of parameter: Tensor, in group: ParameterGroup) -> StateDict {
    var state = [
      "exp_avg": parameter.zerosLike(), "exp_avg_sq": parameter.zerosLike(),
      "step": Tensor.stepCount(on: parameter.device),
    ]
    if group[.amsgrad] { state["max_exp_avg_sq"] = parameter.zerosLike() }
    return state
  }

  /// The maximum, which exists with `amsgrad`.
  public override var optionalState: Set<String> { ["max_exp_avg_sq"] }

  override var implementationKeys: [String: PickleValue] {
    ["foreach": .none, "differentiable": false, "capturable": false, "fused": .none]
  }

  override func update(_ batch: ParameterBatch, scalingGradientsBy factor: Tensor?) {
    let group = batch.group
    let betas = group[.betas]
    let steps = batch["step"]
    steps.add_(1)
    if usesOwnKernel ?? ck_is_optimized(), group.isPlainAdamW,
      batch.parameters.allSatisfy(\.isPlain)
    {
      ownAdamW.run(
        .tensors(batch.parameters), .tensors(batch.gradients), .tensors(batch["exp_avg"]),
        .tensors(batch["exp_avg_sq"]), .ints(steps.map { Int($0.item) }),
        .double(group.learningRate), .double(betas[0]), .double(betas[1]),
        .double(group.weightDecay), .double(group[.eps]), .double(factor?.item ?? 1))
      return
    }
    if let factor { batch.gradients.scale(by: factor) }
    let kernel = group[.decoupledWeightDecay] ? fusedAdamW : fusedAdam
    kernel.run(
      .tensors(batch.parameters), .tensors(batch.gradients), .tensors(batch["exp_avg"]),
      .tensors(batch["exp_avg_sq"]), .tensors(group[.amsgrad] ? batch["max_exp_avg_sq"] : []),
      .tensors(steps), .double(group.learningRate), .double(betas[0]), .double(betas[1]),
      .double(group.weightDecay), .double(group[.eps]), .bool(group[.amsgrad]),
      .bool(group[.maximize]))
  }
}

/// Adam with decoupled weight decay (Loshchilov & Hutter 2019), like PyTorch's
/// `torch.optim.AdamW`.
public final class AdamW: Adam {
  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, or groups of them.
  ///   - learningRate: The learning rate.
  ///   - betas: The decay rates of the running means of the gradient and of its square.
  ///   - eps: Added to the square root of the second mean.
  ///   - weightDecay: The weight decay, as a fraction of the weights per unit of learning rate.
  ///   - amsgrad: Whether the second mean is a maximum over all steps (Reddi, Kale & Kumar 2018).
  ///   - maximize: Whether the objective is maximized.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: The betas are in [0, 1); the learning rate, eps and the weight decay are 0 or
  ///   more. Each parameter is given once.
  public init(
    _ parameters: some OptimizerParameters, learningRate: Double = 1e-3,
    betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8, weightDecay: Double = 1e-2,
    amsgrad: Bool = false, maximize: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      parameters, learningRate: learningRate, betas: betas, eps: eps, weightDecay: weightDecay,
      amsgrad: amsgrad, maximize: maximize, decoupledWeightDecay: true, file: file, line: line)
  }
}

extension ParameterGroup {
  /// Whether this package's kernel computes the update of the group.
  fileprivate var isPlainAdamW: Bool {
    self[.decoupledWeightDecay] && !self[.amsgrad] && !self[.maximize]
  }
}

extension Tensor {
  /// Whether this package's kernel supports the tensor.
  fileprivate var isPlain: Bool { device == .cpu && dtype == .float32 && isContiguous }
}

private let fusedAdam = Operator("aten::_fused_adam_")
private let fusedAdamW = Operator("aten::_fused_adamw_")
// Implemented in CTorch/Kernels/AdamW.cpp.
private let ownAdamW = Operator("lockstep::adamw_")
