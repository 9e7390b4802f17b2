internal import Glibc

/// Adafactor (Shazeer & Stern 2018), like PyTorch's `torch.optim.Adafactor`.
///
/// The second moments of a matrix are estimated from those of its rows and columns, so that the
/// state is small.
public final class Adafactor: ParameterOptimizer {
  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, or groups of them; real numbers.
  ///   - learningRate: The learning rate.
  ///   - beta2Decay: The power of the decay rate of the second moments; negative.
  ///   - eps: What keeps the squared gradients from 0, `nil` for the precision of the type, and the
  ///     smallest size of a parameter.
  ///   - d: The largest root mean square of an update, PyTorch's `d`.
  ///   - weightDecay: The weight decay, as a fraction of the weights per unit of learning rate.
  ///   - maximize: Whether the objective is maximized.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: `beta2Decay` is 0 or less, the threshold is 1 or more, and the other numbers
  ///   are 0 or more. Each parameter is given once, and none is complex.
  public init(
    _ parameters: some OptimizerParameters, learningRate: Double = 1e-2, beta2Decay: Double = -0.8,
    eps: (Double?, Double) = (nil, 1e-3), d: Double = 1, weightDecay: Double = 0,
    maximize: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      parameters,
      [
        .learningRate(learningRate), .weightDecay(weightDecay),
        .number(.beta2Decay, beta2Decay) { $0 <= 0 ? nil : "use 0 or less" },
        HyperparameterRule(.epsPair, [eps.0, eps.1], remedy: Adafactor.remedy(ofEps:)),
        .number(.d, d) { $0 >= 1 ? nil : "use 1 or more" },
        .flag(.maximize, maximize),
      ], file: file, line: line)
  }

  @Sendable private static func remedy(ofEps eps: [Double?]) -> String? {
    let isValid = eps.count == 2 && eps[1] != nil && eps.allSatisfy { $0.map { $0 >= 0 } ?? true }
    return isValid ? nil : "use two numbers of 0 or more; the first one may be nil"
  }

  /// Parameters are real.
  public override func conflict(in group: ParameterGroup) -> String? {
    group.parameters.first { $0.dtype.isComplex }.map {
      "the parameter \($0.summary) is complex; use another optimizer for it"
    }
  }

  /// The second moments of a parameter, or of its rows and columns, and the number of steps.
  public override func initialState(of parameter: Tensor, in group: ParameterGroup) -> StateDict {
    guard parameter.ndim > 1 else {
      return ["variance": parameter.zerosLike(), "step": .stepCount()]
    }
    func zeros(reduced dimension: Int) -> Tensor {
      var shape = parameter.shape
      shape[shape.count - dimension] = 1
      return Tensor.zeros(shape, dtype: parameter.dtype, device: parameter.device)
    }
    return ["row_var": zeros(reduced: 1), "col_var": zeros(reduced: 2), "step": .stepCount()]
  }

  override var implementationKeys: [String: PickleValue] { ["foreach": .none] }

  /// Updates parameters and states.
  public override func update(_ batch: ParameterBatch) {
    let group = batch.group
    let matrices = batch.divided { $0.ndim > 1 }
    for (part, isMatrix) in [(matrices.0, true), (matrices.1, false)] {
      guard let part else { continue }
      let steps = part.countSteps()
      let gradients = part.regularized(by: 0)
      let eps = group[.epsPair]
      let smallest = eps[0] ?? part.parameters[0].dtype.epsilon
      let sizes = zip(part.parameters, steps).map { parameter, step in
        max(eps[1] ?? 0, parameter.norm().item / pow(Double(parameter.count), 0.5))
          * min(group.learningRate, 1 / pow(step, 0.5))
      }
      part.decayParameters()
      let weights = steps.map { pow($0, group[.beta2Decay]) }
      let estimates =
        isMatrix
        ? matrixEstimates(part, gradients, weights, smallest)
        : vectorEstimates(part, gradients, weights)
      estimates.clampMin_(smallest * smallest)
      estimates.rsqrt_()
      estimates.mul_(gradients)
      estimates.mul_(
        zip(sizes, estimates).map { size, update in
          -size
            / max(
              1, update.norm().item / (pow(Double(update.count), 0.5) * group[.d]))
        })
      part.parameters.add_(estimates)
    }
  }

  private func vectorEstimates(
    _ batch: ParameterBatch, _ gradients: [Tensor], _ weights: [Double]
  ) -> [Tensor] {
    let variances = batch["variance"]
    variances.lerp_(gradients.mul(gradients), weights)
    return variances.map { $0.clone() }
  }

  private func matrixEstimates(
    _ batch: ParameterBatch, _ gradients: [Tensor], _ weights: [Double], _ smallest: Double
  ) -> [Tensor] {
    let rows = batch["row_var"]
    let columns = batch["col_var"]
    for (variances, dimension) in [(rows, -1), (columns, -2)] {
      let means = gradients.map { $0.norm(p: 2, dim: dimension, keepDim: true) }
      means.mul_(means)
      means.div_(gradients.map { Double($0.shape[$0.ndim + dimension]) })
      variances.lerp_(means, weights)
    }
    let estimates = zip(rows, columns).map { $0.matmul($1) }
    let means = rows.map { $0.mean(dim: -2, keepDim: true) }
    means.clampMin_(smallest)
    estimates.div_(means)
    return estimates
  }
}
