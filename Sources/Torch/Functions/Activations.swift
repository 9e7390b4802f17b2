extension Tensor {
  /// The softmax along a dimension.
  public func softmax(along dimension: Int) -> Tensor {
    softmaxOp.tensor(.tensor(self), .int(dimension))
  }
}

/// The method by which ``Tensor/gelu(approximate:)`` computes the normal distribution function.
public enum GELUApproximation: String, Sendable {
  /// By the error function.
  case exact = "none"
  /// By a hyperbolic tangent.
  case tanh
}

private let softmaxOp = Operator("aten::softmax", "int")
