extension Tensor {
  /// The sum, element by element, with broadcasting.
  public static func + (left: Tensor, right: Tensor) -> Tensor {
    addTensors.tensor(.tensor(left), .tensor(right))
  }

  /// The difference, element by element, with broadcasting.
  public static func - (left: Tensor, right: Tensor) -> Tensor {
    subtract.tensor(.tensor(left), .tensor(right))
  }

  /// The product, element by element, with broadcasting.
  public static func * (left: Tensor, right: Tensor) -> Tensor {
    multiply.tensor(.tensor(left), .tensor(right))
  }

  /// The quotient, element by element, with broadcasting.
  public static func / (left: Tensor, right: Tensor) -> Tensor {
    divideTensors.tensor(.tensor(left), .tensor(right))
  }

  /// The sum of every element and a scalar.
  public static func + (left: Tensor, right: Double) -> Tensor {
    addScalar.tensor(.tensor(left), .double(right))
  }

  /// The product of every element and a scalar.
  public static func * (left: Tensor, right: Double) -> Tensor {
    multiplyScalar.tensor(.tensor(left), .double(right))
  }

  /// The quotient of every element and a scalar.
  public static func / (left: Tensor, right: Double) -> Tensor {
    divideScalar.tensor(.tensor(left), .double(right))
  }

  /// The matrix product over the last two dimensions; the others are broadcast.
  public func matmul(_ other: Tensor) -> Tensor { matmulOp.tensor(.tensor(self), .tensor(other)) }

  /// Whether the elements are equal, element by element, as a bool tensor.
  public func equal(to other: Tensor) -> Tensor { eq.tensor(.tensor(self), .tensor(other)) }

  /// The sum of all elements, as a scalar.
  public func sum() -> Tensor { sumOp.tensor(.tensor(self)) }

  /// The sums along dimensions, which are removed.
  public func sum(along dimensions: [Int]) -> Tensor {
    sumAlong.tensor(.tensor(self), .ints(dimensions))
  }

  /// 1 / √x of every element.
  public func reciprocalSquareRoot() -> Tensor { rsqrt.tensor(.tensor(self)) }

  /// The mean of all elements, as a scalar.
  public func mean() -> Tensor { meanOp.tensor(.tensor(self)) }

  /// The absolute values.
  public func abs() -> Tensor { absOp.tensor(.tensor(self)) }

  /// The largest element, as a scalar.
  public func max() -> Tensor { maxOp.tensor(.tensor(self)) }

  /// The int64 index of the largest element along a dimension, which is removed.
  public func argmax(along dimension: Int) -> Tensor {
    argmaxOp.tensor(.tensor(self), .int(dimension))
  }
}

private let addTensors = Operator("aten::add", "Tensor")
private let subtract = Operator("aten::sub", "Tensor")
private let multiply = Operator("aten::mul", "Tensor")
private let divideTensors = Operator("aten::div", "Tensor")
private let addScalar = Operator("aten::add", "Scalar")
private let multiplyScalar = Operator("aten::mul", "Scalar")
private let divideScalar = Operator("aten::div", "Scalar")
private let matmulOp = Operator("aten::matmul")
private let eq = Operator("aten::eq", "Tensor")
private let sumOp = Operator("aten::sum")
private let sumAlong = Operator("aten::sum", "dim_IntList")
private let rsqrt = Operator("aten::rsqrt")
private let meanOp = Operator("aten::mean")
private let absOp = Operator("aten::abs")
private let maxOp = Operator("aten::max")
private let argmaxOp = Operator("aten::argmax")
