extension Tensor {
  /// The hyperbolic tangent of every element.
  public func tanh() -> Tensor { tanhOp.tensor(.tensor(self)) }

  /// The rectified linear unit of every element.
  public func relu() -> Tensor { reluOp.tensor(.tensor(self)) }

  /// The Gaussian error linear unit x Φ(x) of every element (Hendrycks & Gimpel 2016).
  ///
  /// - Parameter approximation: `exact` uses the error function, like BERT's `gelu`. `tanh` is the
  ///   approximation that BERT calls `gelu_new` and `gelu_pytorch_tanh`.
  /// - Returns: A tensor of the same shape.
  public func gelu(_ approximation: GELUApproximation = .exact) -> Tensor {
    geluOp.tensor(.tensor(self), .string(approximation.rawValue))
  }

  /// The softmax along a dimension.
  public func softmax(along dimension: Int) -> Tensor {
    softmaxOp.tensor(.tensor(self), .int(dimension))
  }
}

/// The method by which ``Tensor/gelu(_:)`` computes the normal distribution function.
public enum GELUApproximation: String, Sendable {
  /// By the error function.
  case exact = "none"
  /// By a hyperbolic tangent.
  case tanh
}

private let tanhOp = Operator("aten::tanh")
private let reluOp = Operator("aten::relu")
private let geluOp = Operator("aten::gelu")
private let softmaxOp = Operator("aten::softmax", "int")
