// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

// Comparisons, element by element or of whole tensors.

extension Tensor {
  /// Whether all elements are within `atol + rtol * |other|` of `other`.
  ///
  /// PyTorch: `Tensor.allclose`.
  public func allClose(
    _ other: Tensor, rtol: Double = 1e-05, atol: Double = 1e-08, equalNan: Bool = false
  ) -> Bool {
    allcloseOperator.bool(
      .tensor(self), .tensor(other), .double(rtol), .double(atol), .bool(equalNan))
  }

  /// The index of the bucket between sorted `boundaries` that every element belongs to.
  ///
  /// PyTorch: `torch.bucketize`.
  public func bucketize(_ boundaries: Tensor, outInt32: Bool = false, right: Bool = false) -> Tensor
  {
    bucketizeTensorOperator.tensor(
      .tensor(self), .tensor(boundaries), .bool(outInt32), .bool(right))
  }

  /// Whether the elements are equal.
  ///
  /// PyTorch: `Tensor.eq`.
  public func eq(_ other: Tensor) -> Tensor {
    eqTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// Whether the elements are equal.
  ///
  /// PyTorch: `Tensor.eq`.
  public func eq(_ other: any Scalar) -> Tensor {
    eqScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// Whether the elements are equal.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.eq_`.
  @discardableResult
  public func eq_(_ other: Tensor) -> Tensor {
    eqTensorInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// Whether the elements are equal.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.eq_`.
  @discardableResult
  public func eq_(_ other: any Scalar) -> Tensor {
    eqScalarInPlace.run(.tensor(self), .scalar(other))
    return self
  }

  /// Whether the tensors have equal shapes and elements.
  ///
  /// PyTorch: `Tensor.equal`.
  public func equal(_ other: Tensor) -> Bool {
    equalOperator.bool(.tensor(self), .tensor(other))
  }

  /// Whether the elements are greater than or equal to `other`.
  ///
  /// PyTorch: `Tensor.ge`.
  public func ge(_ other: Tensor) -> Tensor {
    geTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// Whether the elements are greater than or equal to `other`.
  ///
  /// PyTorch: `Tensor.ge`.
  public func ge(_ other: any Scalar) -> Tensor {
    geScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// Whether the elements are greater than or equal to `other`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.ge_`.
  @discardableResult
  public func ge_(_ other: Tensor) -> Tensor {
    geTensorInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// Whether the elements are greater than or equal to `other`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.ge_`.
  @discardableResult
  public func ge_(_ other: any Scalar) -> Tensor {
    geScalarInPlace.run(.tensor(self), .scalar(other))
    return self
  }

  /// Whether the elements are greater than `other`.
  ///
  /// PyTorch: `Tensor.gt`.
  public func gt(_ other: Tensor) -> Tensor {
    gtTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// Whether the elements are greater than `other`.
  ///
  /// PyTorch: `Tensor.gt`.
  public func gt(_ other: any Scalar) -> Tensor {
    gtScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// Whether the elements are greater than `other`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.gt_`.
  @discardableResult
  public func gt_(_ other: Tensor) -> Tensor {
    gtTensorInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// Whether the elements are greater than `other`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.gt_`.
  @discardableResult
  public func gt_(_ other: any Scalar) -> Tensor {
    gtScalarInPlace.run(.tensor(self), .scalar(other))
    return self
  }

  /// Whether the elements are within `atol + rtol * |other|` of `other`.
  ///
  /// PyTorch: `Tensor.isclose`.
  public func isClose(
    _ other: Tensor, rtol: Double = 1e-05, atol: Double = 1e-08, equalNan: Bool = false
  ) -> Tensor {
    iscloseOperator.tensor(
      .tensor(self), .tensor(other), .double(rtol), .double(atol), .bool(equalNan))
  }

  /// Whether the elements are neither NaN nor infinite.
  ///
  /// PyTorch: `Tensor.isfinite`.
  public func isFinite() -> Tensor {
    isfiniteOperator.tensor(.tensor(self))
  }

  /// Whether the elements occur among the test elements.
  ///
  /// PyTorch: `torch.isin`.
  public func isIn(_ testElements: Tensor, assumeUnique: Bool = false, invert: Bool = false)
    -> Tensor
  {
    isinTensorTensorOperator.tensor(
      .tensor(self), .tensor(testElements), .bool(assumeUnique), .bool(invert))
  }

  /// Whether the elements occur among the test elements.
  ///
  /// PyTorch: `torch.isin`.
  public func isIn(_ testElement: any Scalar, assumeUnique: Bool = false, invert: Bool = false)
    -> Tensor
  {
    isinTensorScalarOperator.tensor(
      .tensor(self), .scalar(testElement), .bool(assumeUnique), .bool(invert))
  }

  /// Whether the elements are infinite.
  ///
  /// PyTorch: `Tensor.isinf`.
  public func isInf() -> Tensor {
    isinfOperator.tensor(.tensor(self))
  }

  /// Whether the elements are NaN.
  ///
  /// PyTorch: `Tensor.isnan`.
  public func isNaN() -> Tensor {
    isnanOperator.tensor(.tensor(self))
  }

  /// Whether the elements are negative infinity.
  ///
  /// PyTorch: `Tensor.isneginf`.
  public func isNegInf() -> Tensor {
    isneginfOperator.tensor(.tensor(self))
  }

  /// Whether the elements are positive infinity.
  ///
  /// PyTorch: `Tensor.isposinf`.
  public func isPosInf() -> Tensor {
    isposinfOperator.tensor(.tensor(self))
  }

  /// Whether the imaginary parts are 0.
  ///
  /// PyTorch: `Tensor.isreal`.
  public func isReal() -> Tensor {
    isrealOperator.tensor(.tensor(self))
  }

  /// Whether the elements are less than or equal to `other`.
  ///
  /// PyTorch: `Tensor.le`.
  public func le(_ other: Tensor) -> Tensor {
    leTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// Whether the elements are less than or equal to `other`.
  ///
  /// PyTorch: `Tensor.le`.
  public func le(_ other: any Scalar) -> Tensor {
    leScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// Whether the elements are less than or equal to `other`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.le_`.
  @discardableResult
  public func le_(_ other: Tensor) -> Tensor {
    leTensorInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// Whether the elements are less than or equal to `other`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.le_`.
  @discardableResult
  public func le_(_ other: any Scalar) -> Tensor {
    leScalarInPlace.run(.tensor(self), .scalar(other))
    return self
  }

  /// Whether the elements are less than `other`.
  ///
  /// PyTorch: `Tensor.lt`.
  public func lt(_ other: Tensor) -> Tensor {
    ltTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// Whether the elements are less than `other`.
  ///
  /// PyTorch: `Tensor.lt`.
  public func lt(_ other: any Scalar) -> Tensor {
    ltScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// Whether the elements are less than `other`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.lt_`.
  @discardableResult
  public func lt_(_ other: Tensor) -> Tensor {
    ltTensorInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// Whether the elements are less than `other`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.lt_`.
  @discardableResult
  public func lt_(_ other: any Scalar) -> Tensor {
    ltScalarInPlace.run(.tensor(self), .scalar(other))
    return self
  }

  /// Whether the elements differ.
  ///
  /// PyTorch: `Tensor.ne`.
  public func ne(_ other: Tensor) -> Tensor {
    neTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// Whether the elements differ.
  ///
  /// PyTorch: `Tensor.ne`.
  public func ne(_ other: any Scalar) -> Tensor {
    neScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// Whether the elements differ.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.ne_`.
  @discardableResult
  public func ne_(_ other: Tensor) -> Tensor {
    neTensorInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// Whether the elements differ.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.ne_`.
  @discardableResult
  public func ne_(_ other: any Scalar) -> Tensor {
    neScalarInPlace.run(.tensor(self), .scalar(other))
    return self
  }

  /// Whether the elements are complex.
  ///
  /// PyTorch: `Tensor.is_complex`.
  public func isComplex() -> Bool {
    isComplexOperator.bool(.tensor(self))
  }

  /// Whether a conjugation is pending.
  ///
  /// PyTorch: `Tensor.is_conj`.
  public func isConj() -> Bool {
    isConjOperator.bool(.tensor(self))
  }

  /// Whether the elements are floating-point numbers.
  ///
  /// PyTorch: `Tensor.is_floating_point`.
  public func isFloatingPoint() -> Bool {
    isFloatingPointOperator.bool(.tensor(self))
  }

  /// Whether a negation is pending.
  ///
  /// PyTorch: `Tensor.is_neg`.
  public func isNeg() -> Bool {
    isNegOperator.bool(.tensor(self))
  }

  /// Whether the only element is nonzero.
  ///
  /// PyTorch: `Tensor.is_nonzero`.
  public func isNonzero() -> Bool {
    isNonzeroOperator.bool(.tensor(self))
  }

  /// Whether both tensors have the same shape.
  ///
  /// PyTorch: `Tensor.is_same_size`.
  public func isSameSize(_ other: Tensor) -> Bool {
    isSameSizeOperator.bool(.tensor(self), .tensor(other))
  }

  /// Whether both tensors refer to the same memory with the same shape and strides.
  ///
  /// PyTorch: `Tensor.is_set_to`.
  public func isSetTo(_ tensor: Tensor) -> Bool {
    isSetToOperator.bool(.tensor(self), .tensor(tensor))
  }

  /// Whether the type of the elements has a sign.
  ///
  /// PyTorch: `Tensor.is_signed`.
  public func isSigned() -> Bool {
    isSignedOperator.bool(.tensor(self))
  }

  /// Whether the tensor was created in inference mode.
  ///
  /// PyTorch: `Tensor.is_inference`.
  public func isInference() -> Bool {
    isInferenceOperator.bool(.tensor(self))
  }

  /// Whether the memory is page-locked.
  ///
  /// PyTorch: `Tensor.is_pinned`.
  public func isPinned() -> Bool {
    isPinnedOperator.bool(.tensor(self))
  }

  /// The index at which every element of `values` keeps `self`, sorted along the last dimension,
  /// in order.
  ///
  /// PyTorch: `torch.searchsorted`.
  public func searchSorted(
    _ input: Tensor, outInt32: Bool = false, right: Bool = false, sorter: Tensor? = nil
  ) -> Tensor {
    searchsortedTensorOperator.tensor(
      .tensor(self), .tensor(input), .bool(outInt32), .bool(right), .default,
      .optionalTensor(sorter))
  }

  /// The index at which a scalar keeps `self`, sorted, in order.
  ///
  /// PyTorch: `torch.searchsorted`.
  public func searchSorted(
    _ input: any Scalar, outInt32: Bool = false, right: Bool = false, sorter: Tensor? = nil
  ) -> Tensor {
    searchsortedScalarOperator.tensor(
      .tensor(self), .scalar(input), .bool(outInt32), .bool(right), .default,
      .optionalTensor(sorter))
  }
}

private let allcloseOperator = Operator("aten::allclose")
private let bucketizeTensorOperator = Operator("aten::bucketize", "Tensor")
private let eqTensorOperator = Operator("aten::eq", "Tensor")
private let eqScalarOperator = Operator("aten::eq", "Scalar")
private let eqTensorInPlace = Operator("aten::eq_", "Tensor")
private let eqScalarInPlace = Operator("aten::eq_", "Scalar")
private let equalOperator = Operator("aten::equal")
private let geTensorOperator = Operator("aten::ge", "Tensor")
private let geScalarOperator = Operator("aten::ge", "Scalar")
private let geTensorInPlace = Operator("aten::ge_", "Tensor")
private let geScalarInPlace = Operator("aten::ge_", "Scalar")
private let gtTensorOperator = Operator("aten::gt", "Tensor")
private let gtScalarOperator = Operator("aten::gt", "Scalar")
private let gtTensorInPlace = Operator("aten::gt_", "Tensor")
private let gtScalarInPlace = Operator("aten::gt_", "Scalar")
private let iscloseOperator = Operator("aten::isclose")
private let isfiniteOperator = Operator("aten::isfinite")
private let isinTensorTensorOperator = Operator("aten::isin", "Tensor_Tensor")
private let isinTensorScalarOperator = Operator("aten::isin", "Tensor_Scalar")
private let isinfOperator = Operator("aten::isinf")
private let isnanOperator = Operator("aten::isnan")
private let isneginfOperator = Operator("aten::isneginf")
private let isposinfOperator = Operator("aten::isposinf")
private let isrealOperator = Operator("aten::isreal")
private let leTensorOperator = Operator("aten::le", "Tensor")
private let leScalarOperator = Operator("aten::le", "Scalar")
private let leTensorInPlace = Operator("aten::le_", "Tensor")
private let leScalarInPlace = Operator("aten::le_", "Scalar")
private let ltTensorOperator = Operator("aten::lt", "Tensor")
private let ltScalarOperator = Operator("aten::lt", "Scalar")
private let ltTensorInPlace = Operator("aten::lt_", "Tensor")
private let ltScalarInPlace = Operator("aten::lt_", "Scalar")
private let neTensorOperator = Operator("aten::ne", "Tensor")
private let neScalarOperator = Operator("aten::ne", "Scalar")
private let neTensorInPlace = Operator("aten::ne_", "Tensor")
private let neScalarInPlace = Operator("aten::ne_", "Scalar")
private let isComplexOperator = Operator("aten::is_complex")
private let isConjOperator = Operator("aten::is_conj")
private let isFloatingPointOperator = Operator("aten::is_floating_point")
private let isNegOperator = Operator("aten::is_neg")
private let isNonzeroOperator = Operator("aten::is_nonzero")
private let isSameSizeOperator = Operator("aten::is_same_size")
private let isSetToOperator = Operator("aten::is_set_to")
private let isSignedOperator = Operator("aten::is_signed")
private let isInferenceOperator = Operator("aten::is_inference")
private let isPinnedOperator = Operator("aten::is_pinned")
private let searchsortedTensorOperator = Operator("aten::searchsorted", "Tensor")
private let searchsortedScalarOperator = Operator("aten::searchsorted", "Scalar")
