extension Tensor {
  /// Whether the elements are equal, element by element, as a bool tensor.
  public func equal(to other: Tensor) -> Tensor { eqOp.tensor(.tensor(self), .tensor(other)) }

  /// The sums along dimensions, which are removed.
  public func sum(along dimensions: [Int]) -> Tensor {
    sumAlong.tensor(.tensor(self), .ints(dimensions))
  }

  /// 1 / √x of every element.
  public func reciprocalSquareRoot() -> Tensor { rsqrtOp.tensor(.tensor(self)) }

  /// The int64 index of the largest element along a dimension, which is removed.
  public func argmax(along dimension: Int) -> Tensor {
    argmaxOp.tensor(.tensor(self), .int(dimension))
  }
}

private let eqOp = Operator("aten::eq", "Tensor")
private let sumAlong = Operator("aten::sum", "dim_IntList")
private let rsqrtOp = Operator("aten::rsqrt")
private let argmaxOp = Operator("aten::argmax")
