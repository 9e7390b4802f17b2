internal import Glibc

/// A momentum whose updates of matrices are orthogonalized, like PyTorch's `torch.optim.Muon`.
///
/// Jordan and others 2024, "Muon: An optimizer for hidden layers in neural networks".
///
/// It is for the matrices of hidden layers. Update biases, embeddings and the other parameters with
/// ``AdamW``.
public final class Muon: ParameterOptimizer {
  /// How the learning rate depends on the shape of a matrix.
  public enum LearningRateAdjustment: String, HyperparameterValue {
    /// Multiplied by √max(1, rows / columns), as in the original implementation.
    case original
    /// Multiplied by 0.2 √max(rows, columns), so that updates are as large as those of AdamW (Liu
    /// et al. 2025).
    case matchRMSAdamW = "match_rms_adamw"
  }

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, or groups of them; matrices.
  ///   - learningRate: The learning rate.
  ///   - weightDecay: The weight decay, as a fraction of the weights per unit of learning rate.
  ///   - momentum: The momentum.
  ///   - nesterov: Whether the momentum is Nesterov's.
  ///   - nsCoefficients: The coefficients of the Newton-Schulz iteration.
  ///   - eps: The smallest norm by which an update is divided.
  ///   - nsSteps: The number of iterations.
  ///   - adjustLearningRateFn: How the rate depends on the shape, PyTorch's `adjust_lr_fn`;
  ///     `nil` for `original`.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: All parameters are real matrices. The learning rate, the momentum and the
  ///   weight decay are 0 or more, and the number of iterations is less than 100. Each parameter is
  ///   given once.
  public init(
    _ parameters: some OptimizerParameters, learningRate: Double = 1e-3, weightDecay: Double = 0.1,
    momentum: Double = 0.95, nesterov: Bool = true,
    nsCoefficients: (Double, Double, Double) = (3.4445, -4.775, 2.0315), eps: Double = 1e-7,
    nsSteps: Int = 5, adjustLearningRateFn: LearningRateAdjustment? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      parameters,
      [
        .learningRate(learningRate), .weightDecay(weightDecay), .nonNegative(.momentum, momentum),
        .flag(.nesterov, nesterov),
        .numbers(.nsCoefficients, [nsCoefficients.0, nsCoefficients.1, nsCoefficients.2]) {
          $0.count == 3 ? nil : "use three numbers"
        },
        .number(.eps, eps), .integer(.nsSteps, nsSteps) { 0..<100 ~= $0 ? nil : "use 0 to 99" },
        HyperparameterRule(.adjustLearningRateFn, adjustLearningRateFn),
      ], file: file, line: line)
  }

  /// Parameters are real matrices.
  public override func conflict(in group: ParameterGroup) -> String? {
    group.parameters.first { $0.ndim != 2 || $0.dtype.isComplex }.map {
      "the parameter \($0.summary) is no real matrix; update it with another optimizer, such "
        + "as AdamW"
    }
  }

  /// The momentum.
  public override func initialState(of parameter: Tensor, in group: ParameterGroup) -> StateDict {
    ["momentum_buffer": parameter.zerosLike()]
  }

  override var implementationKeys: [String: PickleValue] { [:] }

  /// Updates parameters and momenta.
  public override func update(_ batch: ParameterBatch) {
    let group = batch.group
    let rate = group.learningRate
    let momentum = group[.momentum]
    let momenta = batch["momentum_buffer"]
    momenta.lerp_(batch.gradients, 1 - momentum)
    for (index, parameter) in batch.parameters.enumerated() {
      let update =
        group[.nesterov] ? batch.gradients[index].lerp(momenta[index], momentum) : momenta[index]
      parameter.mul_(1 - rate * group.weightDecay)
      parameter.add_(
        orthogonalized(update, group), alpha: -rate * adjustment(parameter.shape, group))
    }
  }

  private func adjustment(_ shape: [Int], _ group: ParameterGroup) -> Double {
    switch group[.adjustLearningRateFn] {
    case nil, .original: max(1, Double(shape[0]) / Double(shape[1])).squareRoot()
    case .matchRMSAdamW: 0.2 * Double(max(shape[0], shape[1])).squareRoot()
    }
  }

  /// An approximation of U Vᵀ, where U S Vᵀ is the singular value decomposition, in bfloat16.
  private func orthogonalized(_ update: Tensor, _ group: ParameterGroup) -> Tensor {
    let coefficients = group[.nsCoefficients]
    let isTall = update.shape[0] > update.shape[1]
    let rounded = update.to(.bfloat16)
    var matrix = isTall ? rounded.t() : rounded
    matrix = matrix / matrix.norm().clampMin(group[.eps])
    for _ in 0..<group[.nsSteps] {
      let gram = matrix.matmul(matrix.t())
      let factor = gram.addmm(gram, gram, beta: coefficients[1], alpha: coefficients[2])
      matrix = matrix.addmm(factor, matrix, beta: coefficients[0])
    }
    return isTall ? matrix.t() : matrix
  }
}
