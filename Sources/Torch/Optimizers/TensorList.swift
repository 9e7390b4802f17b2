// Lists of tensors that one operator computes: PyTorch's `torch._foreach_*`.
extension [Tensor] {
  /// Adds a number to each tensor.
  func add_(_ value: Double) { addScalar.run(.tensors(self), .double(value)) }

  /// Adds to each tensor a number of its own.
  func add_(_ values: [Double]) { addScalars.run(.tensors(self), .doubles(values)) }

  /// Adds to each tensor another one multiplied by a number.
  func add_(_ others: [Tensor], alpha: Double = 1) {
    addList.run(.tensors(self), .tensors(others), .double(alpha))
  }

  /// The sums of each tensor and a number.
  func add(_ value: Double) -> [Tensor] {
    addedScalar.tensors(count: count, .tensors(self), .double(value))
  }

  /// The sums of each tensor and another one multiplied by a number.
  func add(_ others: [Tensor], alpha: Double = 1) -> [Tensor] {
    addedList.tensors(count: count, .tensors(self), .tensors(others), .double(alpha))
  }

  /// The differences of each tensor and another one.
  func sub(_ others: [Tensor]) -> [Tensor] { add(others, alpha: -1) }

  /// Multiplies each tensor by a number.
  func mul_(_ factor: Double) { mulScalar.run(.tensors(self), .double(factor)) }

  /// Multiplies each tensor by a number of its own.
  func mul_(_ factors: [Double]) { mulScalars.run(.tensors(self), .doubles(factors)) }

  /// Multiplies each tensor by another one.
  func mul_(_ others: [Tensor]) { mulList.run(.tensors(self), .tensors(others)) }

  /// The products of each tensor and a number of its own.
  func mul(_ factors: [Double]) -> [Tensor] {
    multipliedScalars.tensors(count: count, .tensors(self), .doubles(factors))
  }

  /// The products of each tensor and another one.
  func mul(_ others: [Tensor]) -> [Tensor] {
    multipliedList.tensors(count: count, .tensors(self), .tensors(others))
  }

  /// Divides each tensor by a number of its own.
  func div_(_ divisors: [Double]) { divScalars.run(.tensors(self), .doubles(divisors)) }

  /// Divides each tensor by another one.
  func div_(_ others: [Tensor]) { divList.run(.tensors(self), .tensors(others)) }

  /// Moves each tensor towards another one: by all of the difference for a weight of 1.
  func lerp_(_ others: [Tensor], _ weight: Double) {
    lerpScalar.run(.tensors(self), .tensors(others), .double(weight))
  }

  /// Moves each tensor towards another one by a weight of its own.
  func lerp_(_ others: [Tensor], _ weights: [Double]) {
    lerpScalars.run(.tensors(self), .tensors(others), .doubles(weights))
  }

  /// Adds to each tensor the product of two others and a number.
  func addcmul_(_ first: [Tensor], _ second: [Tensor], value: Double = 1) {
    addcmulScalar.run(.tensors(self), .tensors(first), .tensors(second), .double(value))
  }

  /// The sums of each tensor and the product of two others and a number.
  func addcmul(_ first: [Tensor], _ second: [Tensor], value: Double = 1) -> [Tensor] {
    addedProduct.tensors(
      count: count, .tensors(self), .tensors(first), .tensors(second), .double(value))
  }

  /// Adds to each tensor the quotient of two others, multiplied by a number.
  func addcdiv_(_ first: [Tensor], _ second: [Tensor], value: Double = 1) {
    addcdivScalar.run(.tensors(self), .tensors(first), .tensors(second), .double(value))
  }

  /// Adds to each tensor the quotient of two others, multiplied by a number of its own.
  func addcdiv_(_ first: [Tensor], _ second: [Tensor], values: [Double]) {
    addcdivScalars.run(.tensors(self), .tensors(first), .tensors(second), .doubles(values))
  }

  /// The square roots.
  func sqrt() -> [Tensor] { squareRootsOf.tensors(count: count, .tensors(self)) }

  /// Replaces each tensor by its square root.
  func sqrt_() { sqrtInPlace.run(.tensors(self)) }

  /// Replaces each tensor by the reciprocal of its square root.
  func rsqrt_() { rsqrtInPlace.run(.tensors(self)) }

  /// Replaces each tensor by its reciprocal.
  func reciprocal_() { reciprocalInPlace.run(.tensors(self)) }

  /// The absolute values.
  func abs() -> [Tensor] { absoluteOf.tensors(count: count, .tensors(self)) }

  /// The signs: -1, 0 or 1.
  func sign() -> [Tensor] { signOf.tensors(count: count, .tensors(self)) }

  /// The opposite tensors.
  func neg() -> [Tensor] { negatedOf.tensors(count: count, .tensors(self)) }

  /// Replaces each element by that of another tensor if it is larger.
  func maximum_(_ others: [Tensor]) { maximumList.run(.tensors(self), .tensors(others)) }

  /// Replaces elements below a number by it.
  func clampMin_(_ value: Double) { clampMinScalar.run(.tensors(self), .double(value)) }

  /// Multiplies each tensor by a scalar tensor.
  func scale(by factor: Tensor) {
    guard let first else { return }
    mulTensor.run(.tensors(self), .tensor(factor.to(first.device)))
  }
}

private let addScalar = Operator("aten::_foreach_add_", "Scalar")
private let addScalars = Operator("aten::_foreach_add_", "ScalarList")
private let addList = Operator("aten::_foreach_add_", "List")
private let addedScalar = Operator("aten::_foreach_add", "Scalar")
private let addedList = Operator("aten::_foreach_add", "List")
private let mulScalar = Operator("aten::_foreach_mul_", "Scalar")
private let mulScalars = Operator("aten::_foreach_mul_", "ScalarList")
private let mulList = Operator("aten::_foreach_mul_", "List")
private let mulTensor = Operator("aten::_foreach_mul_", "Tensor")
private let multipliedScalars = Operator("aten::_foreach_mul", "ScalarList")
private let multipliedList = Operator("aten::_foreach_mul", "List")
private let divScalars = Operator("aten::_foreach_div_", "ScalarList")
private let divList = Operator("aten::_foreach_div_", "List")
private let lerpScalar = Operator("aten::_foreach_lerp_", "Scalar")
private let lerpScalars = Operator("aten::_foreach_lerp_", "ScalarList")
private let addcmulScalar = Operator("aten::_foreach_addcmul_", "Scalar")
private let addedProduct = Operator("aten::_foreach_addcmul", "Scalar")
private let addcdivScalar = Operator("aten::_foreach_addcdiv_", "Scalar")
private let addcdivScalars = Operator("aten::_foreach_addcdiv_", "ScalarList")
private let squareRootsOf = Operator("aten::_foreach_sqrt")
private let sqrtInPlace = Operator("aten::_foreach_sqrt_")
private let rsqrtInPlace = Operator("aten::_foreach_rsqrt_")
private let reciprocalInPlace = Operator("aten::_foreach_reciprocal_")
private let absoluteOf = Operator("aten::_foreach_abs")
private let signOf = Operator("aten::_foreach_sign")
private let negatedOf = Operator("aten::_foreach_neg")
private let maximumList = Operator("aten::_foreach_maximum_", "List")
private let clampMinScalar = Operator("aten::_foreach_clamp_min_", "Scalar")
