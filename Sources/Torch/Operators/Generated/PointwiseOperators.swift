// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

// Functions of each element.

extension Tensor {
  /// The absolute values.
  ///
  /// PyTorch: `Tensor.abs`.
  public func abs() -> Tensor {
    absOperator.tensor(.tensor(self))
  }

  /// The absolute values.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.abs_`.
  @discardableResult
  public func abs_() -> Tensor {
    absInPlace.run(.tensor(self))
    return self
  }

  /// The arc cosine of every element.
  ///
  /// PyTorch: `Tensor.acos`.
  public func acos() -> Tensor {
    acosOperator.tensor(.tensor(self))
  }

  /// The arc cosine of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.acos_`.
  @discardableResult
  public func acos_() -> Tensor {
    acosInPlace.run(.tensor(self))
    return self
  }

  /// The inverse hyperbolic cosine of every element.
  ///
  /// PyTorch: `Tensor.acosh`.
  public func acosh() -> Tensor {
    acoshOperator.tensor(.tensor(self))
  }

  /// The inverse hyperbolic cosine of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.acosh_`.
  @discardableResult
  public func acosh_() -> Tensor {
    acoshInPlace.run(.tensor(self))
    return self
  }

  /// The sum of the tensor and `other` times `alpha`, with broadcasting.
  ///
  /// PyTorch: `Tensor.add`.
  public func add(_ other: Tensor, alpha: any Scalar = 1) -> Tensor {
    addTensorOperator.tensor(.tensor(self), .tensor(other), .scalar(alpha))
  }

  /// The sum of the tensor and `other` times `alpha`, with broadcasting.
  ///
  /// PyTorch: `Tensor.add`.
  public func add(_ other: any Scalar, alpha: any Scalar = 1) -> Tensor {
    addScalarOperator.tensor(.tensor(self), .scalar(other), .scalar(alpha))
  }

  /// The sum of the tensor and `other` times `alpha`, with broadcasting.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.add_`.
  @discardableResult
  public func add_(_ other: Tensor, alpha: any Scalar = 1) -> Tensor {
    addTensorInPlace.run(.tensor(self), .tensor(other), .scalar(alpha))
    return self
  }

  /// The sum of the tensor and `other` times `alpha`, with broadcasting.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.add_`.
  @discardableResult
  public func add_(_ other: any Scalar, alpha: any Scalar = 1) -> Tensor {
    addScalarInPlace.run(.tensor(self), .scalar(other), .scalar(alpha))
    return self
  }

  /// `self + value * tensor1 / tensor2`, element by element.
  ///
  /// PyTorch: `Tensor.addcdiv`.
  public func addcdiv(_ tensor1: Tensor, _ tensor2: Tensor, value: any Scalar = 1) -> Tensor {
    addcdivOperator.tensor(.tensor(self), .tensor(tensor1), .tensor(tensor2), .scalar(value))
  }

  /// `self + value * tensor1 / tensor2`, element by element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.addcdiv_`.
  @discardableResult
  public func addcdiv_(_ tensor1: Tensor, _ tensor2: Tensor, value: any Scalar = 1) -> Tensor {
    addcdivInPlace.run(.tensor(self), .tensor(tensor1), .tensor(tensor2), .scalar(value))
    return self
  }

  /// `self + value * tensor1 * tensor2`, element by element.
  ///
  /// PyTorch: `Tensor.addcmul`.
  public func addcmul(_ tensor1: Tensor, _ tensor2: Tensor, value: any Scalar = 1) -> Tensor {
    addcmulOperator.tensor(.tensor(self), .tensor(tensor1), .tensor(tensor2), .scalar(value))
  }

  /// `self + value * tensor1 * tensor2`, element by element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.addcmul_`.
  @discardableResult
  public func addcmul_(_ tensor1: Tensor, _ tensor2: Tensor, value: any Scalar = 1) -> Tensor {
    addcmulInPlace.run(.tensor(self), .tensor(tensor1), .tensor(tensor2), .scalar(value))
    return self
  }

  /// The angle of every complex element, in radians.
  ///
  /// PyTorch: `Tensor.angle`.
  public func angle() -> Tensor {
    angleOperator.tensor(.tensor(self))
  }

  /// The arc sine of every element.
  ///
  /// PyTorch: `Tensor.asin`.
  public func asin() -> Tensor {
    asinOperator.tensor(.tensor(self))
  }

  /// The arc sine of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.asin_`.
  @discardableResult
  public func asin_() -> Tensor {
    asinInPlace.run(.tensor(self))
    return self
  }

  /// The inverse hyperbolic sine of every element.
  ///
  /// PyTorch: `Tensor.asinh`.
  public func asinh() -> Tensor {
    asinhOperator.tensor(.tensor(self))
  }

  /// The inverse hyperbolic sine of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.asinh_`.
  @discardableResult
  public func asinh_() -> Tensor {
    asinhInPlace.run(.tensor(self))
    return self
  }

  /// The arc tangent of every element.
  ///
  /// PyTorch: `Tensor.atan`.
  public func atan() -> Tensor {
    atanOperator.tensor(.tensor(self))
  }

  /// The arc tangent of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.atan_`.
  @discardableResult
  public func atan_() -> Tensor {
    atanInPlace.run(.tensor(self))
    return self
  }

  /// The angle of the points (`other`, `self`), in radians, with the signs of both.
  ///
  /// PyTorch: `Tensor.atan2`.
  public func atan2(_ other: Tensor) -> Tensor {
    atan2Operator.tensor(.tensor(self), .tensor(other))
  }

  /// The angle of the points (`other`, `self`), in radians, with the signs of both.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.atan2_`.
  @discardableResult
  public func atan2_(_ other: Tensor) -> Tensor {
    atan2InPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// The inverse hyperbolic tangent of every element.
  ///
  /// PyTorch: `Tensor.atanh`.
  public func atanh() -> Tensor {
    atanhOperator.tensor(.tensor(self))
  }

  /// The inverse hyperbolic tangent of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.atanh_`.
  @discardableResult
  public func atanh_() -> Tensor {
    atanhInPlace.run(.tensor(self))
    return self
  }

  /// The bitwise AND of integers or Boolean values.
  ///
  /// PyTorch: `Tensor.bitwise_and`.
  public func bitwiseAnd(_ other: Tensor) -> Tensor {
    bitwiseAndTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The bitwise AND of integers or Boolean values.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.bitwise_and_`.
  @discardableResult
  public func bitwiseAnd_(_ other: Tensor) -> Tensor {
    bitwiseAndTensorInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// The bitwise AND of integers or Boolean values.
  ///
  /// PyTorch: `Tensor.bitwise_and`.
  public func bitwiseAnd(_ other: any Scalar) -> Tensor {
    bitwiseAndScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// The bitwise AND of integers or Boolean values.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.bitwise_and_`.
  @discardableResult
  public func bitwiseAnd_(_ other: any Scalar) -> Tensor {
    bitwiseAndScalarInPlace.run(.tensor(self), .scalar(other))
    return self
  }

  /// The integers shifted left by `other` bits.
  ///
  /// PyTorch: `Tensor.bitwise_left_shift`.
  public func bitwiseLeftShift(_ other: Tensor) -> Tensor {
    bitwiseLeftShiftTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The integers shifted left by `other` bits.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.bitwise_left_shift_`.
  @discardableResult
  public func bitwiseLeftShift_(_ other: Tensor) -> Tensor {
    bitwiseLeftShiftTensorInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// The integers shifted left by `other` bits.
  ///
  /// PyTorch: `Tensor.bitwise_left_shift`.
  public func bitwiseLeftShift(_ other: any Scalar) -> Tensor {
    bitwiseLeftShiftTensorScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// The integers shifted left by `other` bits.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.bitwise_left_shift_`.
  @discardableResult
  public func bitwiseLeftShift_(_ other: any Scalar) -> Tensor {
    bitwiseLeftShiftTensorScalarInPlace.run(.tensor(self), .scalar(other))
    return self
  }

  /// The bitwise NOT of integers or Boolean values.
  ///
  /// PyTorch: `Tensor.bitwise_not`.
  public func bitwiseNot() -> Tensor {
    bitwiseNotOperator.tensor(.tensor(self))
  }

  /// The bitwise NOT of integers or Boolean values.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.bitwise_not_`.
  @discardableResult
  public func bitwiseNot_() -> Tensor {
    bitwiseNotInPlace.run(.tensor(self))
    return self
  }

  /// The bitwise OR of integers or Boolean values.
  ///
  /// PyTorch: `Tensor.bitwise_or`.
  public func bitwiseOr(_ other: Tensor) -> Tensor {
    bitwiseOrTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The bitwise OR of integers or Boolean values.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.bitwise_or_`.
  @discardableResult
  public func bitwiseOr_(_ other: Tensor) -> Tensor {
    bitwiseOrTensorInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// The bitwise OR of integers or Boolean values.
  ///
  /// PyTorch: `Tensor.bitwise_or`.
  public func bitwiseOr(_ other: any Scalar) -> Tensor {
    bitwiseOrScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// The bitwise OR of integers or Boolean values.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.bitwise_or_`.
  @discardableResult
  public func bitwiseOr_(_ other: any Scalar) -> Tensor {
    bitwiseOrScalarInPlace.run(.tensor(self), .scalar(other))
    return self
  }

  /// The integers shifted right by `other` bits.
  ///
  /// PyTorch: `Tensor.bitwise_right_shift`.
  public func bitwiseRightShift(_ other: Tensor) -> Tensor {
    bitwiseRightShiftTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The integers shifted right by `other` bits.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.bitwise_right_shift_`.
  @discardableResult
  public func bitwiseRightShift_(_ other: Tensor) -> Tensor {
    bitwiseRightShiftTensorInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// The integers shifted right by `other` bits.
  ///
  /// PyTorch: `Tensor.bitwise_right_shift`.
  public func bitwiseRightShift(_ other: any Scalar) -> Tensor {
    bitwiseRightShiftTensorScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// The integers shifted right by `other` bits.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.bitwise_right_shift_`.
  @discardableResult
  public func bitwiseRightShift_(_ other: any Scalar) -> Tensor {
    bitwiseRightShiftTensorScalarInPlace.run(.tensor(self), .scalar(other))
    return self
  }

  /// The bitwise exclusive OR of integers or Boolean values.
  ///
  /// PyTorch: `Tensor.bitwise_xor`.
  public func bitwiseXor(_ other: Tensor) -> Tensor {
    bitwiseXorTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The bitwise exclusive OR of integers or Boolean values.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.bitwise_xor_`.
  @discardableResult
  public func bitwiseXor_(_ other: Tensor) -> Tensor {
    bitwiseXorTensorInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// The bitwise exclusive OR of integers or Boolean values.
  ///
  /// PyTorch: `Tensor.bitwise_xor`.
  public func bitwiseXor(_ other: any Scalar) -> Tensor {
    bitwiseXorScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// The bitwise exclusive OR of integers or Boolean values.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.bitwise_xor_`.
  @discardableResult
  public func bitwiseXor_(_ other: any Scalar) -> Tensor {
    bitwiseXorScalarInPlace.run(.tensor(self), .scalar(other))
    return self
  }

  /// The smallest integers that are not less than the elements.
  ///
  /// PyTorch: `Tensor.ceil`.
  public func ceil() -> Tensor {
    ceilOperator.tensor(.tensor(self))
  }

  /// The smallest integers that are not less than the elements.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.ceil_`.
  @discardableResult
  public func ceil_() -> Tensor {
    ceilInPlace.run(.tensor(self))
    return self
  }

  /// The elements limited to the range from `min` to `max`.
  ///
  /// PyTorch: `Tensor.clamp`.
  public func clamp(min: (any Scalar)? = nil, max: (any Scalar)? = nil) -> Tensor {
    clampOperator.tensor(.tensor(self), .optionalScalar(min), .optionalScalar(max))
  }

  /// The elements limited to the range from `min` to `max`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.clamp_`.
  @discardableResult
  public func clamp_(min: (any Scalar)? = nil, max: (any Scalar)? = nil) -> Tensor {
    clampInPlace.run(.tensor(self), .optionalScalar(min), .optionalScalar(max))
    return self
  }

  /// The elements limited to the range from `min` to `max`.
  ///
  /// PyTorch: `Tensor.clamp`.
  public func clamp(min: Tensor? = nil, max: Tensor? = nil) -> Tensor {
    clampTensorOperator.tensor(.tensor(self), .optionalTensor(min), .optionalTensor(max))
  }

  /// The elements limited to the range from `min` to `max`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.clamp_`.
  @discardableResult
  public func clamp_(min: Tensor? = nil, max: Tensor? = nil) -> Tensor {
    clampTensorInPlace.run(.tensor(self), .optionalTensor(min), .optionalTensor(max))
    return self
  }

  /// The elements, at most `max`.
  ///
  /// PyTorch: `Tensor.clamp_max`.
  public func clampMax(_ max: any Scalar) -> Tensor {
    clampMaxOperator.tensor(.tensor(self), .scalar(max))
  }

  /// The elements, at most `max`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.clamp_max_`.
  @discardableResult
  public func clampMax_(_ max: any Scalar) -> Tensor {
    clampMaxInPlace.run(.tensor(self), .scalar(max))
    return self
  }

  /// The elements, at most `max`.
  ///
  /// PyTorch: `Tensor.clamp_max`.
  public func clampMax(_ max: Tensor) -> Tensor {
    clampMaxTensorOperator.tensor(.tensor(self), .tensor(max))
  }

  /// The elements, at most `max`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.clamp_max_`.
  @discardableResult
  public func clampMax_(_ max: Tensor) -> Tensor {
    clampMaxTensorInPlace.run(.tensor(self), .tensor(max))
    return self
  }

  /// The elements, at least `min`.
  ///
  /// PyTorch: `Tensor.clamp_min`.
  public func clampMin(_ min: any Scalar) -> Tensor {
    clampMinOperator.tensor(.tensor(self), .scalar(min))
  }

  /// The elements, at least `min`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.clamp_min_`.
  @discardableResult
  public func clampMin_(_ min: any Scalar) -> Tensor {
    clampMinInPlace.run(.tensor(self), .scalar(min))
    return self
  }

  /// The elements, at least `min`.
  ///
  /// PyTorch: `Tensor.clamp_min`.
  public func clampMin(_ min: Tensor) -> Tensor {
    clampMinTensorOperator.tensor(.tensor(self), .tensor(min))
  }

  /// The elements, at least `min`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.clamp_min_`.
  @discardableResult
  public func clampMin_(_ min: Tensor) -> Tensor {
    clampMinTensorInPlace.run(.tensor(self), .tensor(min))
    return self
  }

  /// Complex numbers with the tensor as real part and `imag` as imaginary part.
  ///
  /// PyTorch: `torch.complex`.
  public func complex(_ imag: Tensor) -> Tensor {
    complexOperator.tensor(.tensor(self), .tensor(imag))
  }

  /// The complex conjugates, as a view.
  ///
  /// PyTorch: `Tensor.conj`.
  public func conj() -> Tensor {
    conjOperator.tensor(.tensor(self))
  }

  /// The complex conjugates, as a copy.
  ///
  /// PyTorch: `Tensor.conj_physical`.
  public func conjPhysical() -> Tensor {
    conjPhysicalOperator.tensor(.tensor(self))
  }

  /// The complex conjugates, as a copy.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.conj_physical_`.
  @discardableResult
  public func conjPhysical_() -> Tensor {
    conjPhysicalInPlace.run(.tensor(self))
    return self
  }

  /// The magnitudes of the tensor with the signs of `other`.
  ///
  /// PyTorch: `Tensor.copysign`.
  public func copysign(_ other: Tensor) -> Tensor {
    copysignTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The magnitudes of the tensor with the signs of `other`.
  ///
  /// PyTorch: `Tensor.copysign`.
  public func copysign(_ other: any Scalar) -> Tensor {
    copysignScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// The magnitudes of the tensor with the signs of `other`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.copysign_`.
  @discardableResult
  public func copysign_(_ other: Tensor) -> Tensor {
    copysignTensorInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// The magnitudes of the tensor with the signs of `other`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.copysign_`.
  @discardableResult
  public func copysign_(_ other: any Scalar) -> Tensor {
    copysignScalarInPlace.run(.tensor(self), .scalar(other))
    return self
  }

  /// The cosine of every element.
  ///
  /// PyTorch: `Tensor.cos`.
  public func cos() -> Tensor {
    cosOperator.tensor(.tensor(self))
  }

  /// The cosine of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.cos_`.
  @discardableResult
  public func cos_() -> Tensor {
    cosInPlace.run(.tensor(self))
    return self
  }

  /// The hyperbolic cosine of every element.
  ///
  /// PyTorch: `Tensor.cosh`.
  public func cosh() -> Tensor {
    coshOperator.tensor(.tensor(self))
  }

  /// The hyperbolic cosine of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.cosh_`.
  @discardableResult
  public func cosh_() -> Tensor {
    coshInPlace.run(.tensor(self))
    return self
  }

  /// Degrees converted to radians.
  ///
  /// PyTorch: `Tensor.deg2rad`.
  public func deg2rad() -> Tensor {
    deg2radOperator.tensor(.tensor(self))
  }

  /// Degrees converted to radians.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.deg2rad_`.
  @discardableResult
  public func deg2rad_() -> Tensor {
    deg2radInPlace.run(.tensor(self))
    return self
  }

  /// The logarithmic derivative of the gamma function.
  ///
  /// PyTorch: `Tensor.digamma`.
  public func digamma() -> Tensor {
    digammaOperator.tensor(.tensor(self))
  }

  /// The logarithmic derivative of the gamma function.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.digamma_`.
  @discardableResult
  public func digamma_() -> Tensor {
    digammaInPlace.run(.tensor(self))
    return self
  }

  /// The quotient of the tensor and `other`, with broadcasting.
  ///
  /// PyTorch: `Tensor.div`.
  public func div(_ other: Tensor) -> Tensor {
    divTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The quotient of the tensor and `other`, with broadcasting.
  ///
  /// PyTorch: `Tensor.div`.
  public func div(_ other: any Scalar) -> Tensor {
    divScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// The quotient of the tensor and `other`, with broadcasting.
  ///
  /// PyTorch: `Tensor.div`.
  public func div(_ other: Tensor, roundingMode: RoundingMode?) -> Tensor {
    divTensorModeOperator.tensor(
      .tensor(self), .tensor(other), .optionalString(roundingMode?.rawValue))
  }

  /// The quotient of the tensor and `other`, with broadcasting.
  ///
  /// PyTorch: `Tensor.div`.
  public func div(_ other: any Scalar, roundingMode: RoundingMode?) -> Tensor {
    divScalarModeOperator.tensor(
      .tensor(self), .scalar(other), .optionalString(roundingMode?.rawValue))
  }

  /// The quotient of the tensor and `other`, with broadcasting.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.div_`.
  @discardableResult
  public func div_(_ other: Tensor) -> Tensor {
    divTensorInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// The quotient of the tensor and `other`, with broadcasting.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.div_`.
  @discardableResult
  public func div_(_ other: any Scalar) -> Tensor {
    divScalarInPlace.run(.tensor(self), .scalar(other))
    return self
  }

  /// The quotient of the tensor and `other`, with broadcasting.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.div_`.
  @discardableResult
  public func div_(_ other: Tensor, roundingMode: RoundingMode?) -> Tensor {
    divTensorModeInPlace.run(.tensor(self), .tensor(other), .optionalString(roundingMode?.rawValue))
    return self
  }

  /// The quotient of the tensor and `other`, with broadcasting.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.div_`.
  @discardableResult
  public func div_(_ other: any Scalar, roundingMode: RoundingMode?) -> Tensor {
    divScalarModeInPlace.run(.tensor(self), .scalar(other), .optionalString(roundingMode?.rawValue))
    return self
  }

  /// The error function of every element.
  ///
  /// PyTorch: `Tensor.erf`.
  public func erf() -> Tensor {
    erfOperator.tensor(.tensor(self))
  }

  /// The error function of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.erf_`.
  @discardableResult
  public func erf_() -> Tensor {
    erfInPlace.run(.tensor(self))
    return self
  }

  /// The complementary error function of every element.
  ///
  /// PyTorch: `Tensor.erfc`.
  public func erfc() -> Tensor {
    erfcOperator.tensor(.tensor(self))
  }

  /// The complementary error function of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.erfc_`.
  @discardableResult
  public func erfc_() -> Tensor {
    erfcInPlace.run(.tensor(self))
    return self
  }

  /// The inverse of the error function.
  ///
  /// PyTorch: `Tensor.erfinv`.
  public func erfinv() -> Tensor {
    erfinvOperator.tensor(.tensor(self))
  }

  /// The inverse of the error function.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.erfinv_`.
  @discardableResult
  public func erfinv_() -> Tensor {
    erfinvInPlace.run(.tensor(self))
    return self
  }

  /// The exponential of every element.
  ///
  /// PyTorch: `Tensor.exp`.
  public func exp() -> Tensor {
    expOperator.tensor(.tensor(self))
  }

  /// The exponential of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.exp_`.
  @discardableResult
  public func exp_() -> Tensor {
    expInPlace.run(.tensor(self))
    return self
  }

  /// 2 to the power of every element.
  ///
  /// PyTorch: `Tensor.exp2`.
  public func exp2() -> Tensor {
    exp2Operator.tensor(.tensor(self))
  }

  /// 2 to the power of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.exp2_`.
  @discardableResult
  public func exp2_() -> Tensor {
    exp2InPlace.run(.tensor(self))
    return self
  }

  /// The exponential minus 1, exact also for small elements.
  ///
  /// PyTorch: `Tensor.expm1`.
  public func expm1() -> Tensor {
    expm1Operator.tensor(.tensor(self))
  }

  /// The exponential minus 1, exact also for small elements.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.expm1_`.
  @discardableResult
  public func expm1_() -> Tensor {
    expm1InPlace.run(.tensor(self))
    return self
  }

  /// The power, computed in float64.
  ///
  /// PyTorch: `Tensor.float_power`.
  public func floatPower(_ exponent: any Scalar) -> Tensor {
    floatPowerTensorScalarOperator.tensor(.tensor(self), .scalar(exponent))
  }

  /// The power, computed in float64.
  ///
  /// PyTorch: `Tensor.float_power`.
  public func floatPower(_ exponent: Tensor) -> Tensor {
    floatPowerTensorTensorOperator.tensor(.tensor(self), .tensor(exponent))
  }

  /// The largest integers that are not greater than the elements.
  ///
  /// PyTorch: `Tensor.floor`.
  public func floor() -> Tensor {
    floorOperator.tensor(.tensor(self))
  }

  /// The largest integers that are not greater than the elements.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.floor_`.
  @discardableResult
  public func floor_() -> Tensor {
    floorInPlace.run(.tensor(self))
    return self
  }

  /// The quotients rounded towards negative infinity.
  ///
  /// PyTorch: `Tensor.floor_divide`.
  public func floorDivide(_ other: Tensor) -> Tensor {
    floorDivideOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The quotients rounded towards negative infinity.
  ///
  /// PyTorch: `Tensor.floor_divide`.
  public func floorDivide(_ other: any Scalar) -> Tensor {
    floorDivideScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// The quotients rounded towards negative infinity.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.floor_divide_`.
  @discardableResult
  public func floorDivide_(_ other: any Scalar) -> Tensor {
    floorDivideScalarInPlace.run(.tensor(self), .scalar(other))
    return self
  }

  /// The larger element of each pair; of a number and NaN, the number.
  ///
  /// PyTorch: `Tensor.fmax`.
  public func fmax(_ other: Tensor) -> Tensor {
    fmaxOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The smaller element of each pair; of a number and NaN, the number.
  ///
  /// PyTorch: `Tensor.fmin`.
  public func fmin(_ other: Tensor) -> Tensor {
    fminOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The remainder of a division, with the sign of the tensor.
  ///
  /// PyTorch: `Tensor.fmod`.
  public func fmod(_ other: Tensor) -> Tensor {
    fmodTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The remainder of a division, with the sign of the tensor.
  ///
  /// PyTorch: `Tensor.fmod`.
  public func fmod(_ other: any Scalar) -> Tensor {
    fmodScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// The remainder of a division, with the sign of the tensor.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.fmod_`.
  @discardableResult
  public func fmod_(_ other: Tensor) -> Tensor {
    fmodTensorInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// The remainder of a division, with the sign of the tensor.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.fmod_`.
  @discardableResult
  public func fmod_(_ other: any Scalar) -> Tensor {
    fmodScalarInPlace.run(.tensor(self), .scalar(other))
    return self
  }

  /// The fractional parts.
  ///
  /// PyTorch: `Tensor.frac`.
  public func frac() -> Tensor {
    fracOperator.tensor(.tensor(self))
  }

  /// The fractional parts.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.frac_`.
  @discardableResult
  public func frac_() -> Tensor {
    fracInPlace.run(.tensor(self))
    return self
  }

  /// Mantissa and exponent of every element.
  ///
  /// PyTorch: `Tensor.frexp`.
  public func frexp() -> (mantissa: Tensor, exponent: Tensor) {
    let results = frexpTensorOperator.tensors(count: 2, .tensor(self))
    return (mantissa: results[0], exponent: results[1])
  }

  /// The greatest common divisor of each pair of integers.
  ///
  /// PyTorch: `Tensor.gcd`.
  public func gcd(_ other: Tensor) -> Tensor {
    gcdOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The greatest common divisor of each pair of integers.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.gcd_`.
  @discardableResult
  public func gcd_(_ other: Tensor) -> Tensor {
    gcdInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// The Heaviside step function; `values` holds the result where an element is 0.
  ///
  /// PyTorch: `Tensor.heaviside`.
  public func heaviside(_ values: Tensor) -> Tensor {
    heavisideOperator.tensor(.tensor(self), .tensor(values))
  }

  /// The Heaviside step function; `values` holds the result where an element is 0.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.heaviside_`.
  @discardableResult
  public func heaviside_(_ values: Tensor) -> Tensor {
    heavisideInPlace.run(.tensor(self), .tensor(values))
    return self
  }

  /// The length of the hypotenuse of each pair of legs.
  ///
  /// PyTorch: `Tensor.hypot`.
  public func hypot(_ other: Tensor) -> Tensor {
    hypotOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The length of the hypotenuse of each pair of legs.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.hypot_`.
  @discardableResult
  public func hypot_(_ other: Tensor) -> Tensor {
    hypotInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// The modified Bessel function of the first kind of order 0.
  ///
  /// PyTorch: `Tensor.i0`.
  public func i0() -> Tensor {
    i0Operator.tensor(.tensor(self))
  }

  /// The modified Bessel function of the first kind of order 0.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.i0_`.
  @discardableResult
  public func i0_() -> Tensor {
    i0InPlace.run(.tensor(self))
    return self
  }

  /// The regularized lower incomplete gamma function.
  ///
  /// PyTorch: `Tensor.igamma`.
  public func igamma(_ other: Tensor) -> Tensor {
    igammaOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The regularized lower incomplete gamma function.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.igamma_`.
  @discardableResult
  public func igamma_(_ other: Tensor) -> Tensor {
    igammaInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// The regularized upper incomplete gamma function.
  ///
  /// PyTorch: `Tensor.igammac`.
  public func igammac(_ other: Tensor) -> Tensor {
    igammacOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The regularized upper incomplete gamma function.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.igammac_`.
  @discardableResult
  public func igammac_(_ other: Tensor) -> Tensor {
    igammacInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// The imaginary parts, as a view.
  ///
  /// PyTorch: `Tensor.imag`.
  public func imag() -> Tensor {
    imagOperator.tensor(.tensor(self))
  }

  /// The least common multiple of each pair of integers.
  ///
  /// PyTorch: `Tensor.lcm`.
  public func lcm(_ other: Tensor) -> Tensor {
    lcmOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The least common multiple of each pair of integers.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.lcm_`.
  @discardableResult
  public func lcm_(_ other: Tensor) -> Tensor {
    lcmInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// The elements times 2 to the power of `other`.
  ///
  /// PyTorch: `Tensor.ldexp`.
  public func ldexp(_ other: Tensor) -> Tensor {
    ldexpTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The linear interpolation `self + weight * (end - self)`.
  ///
  /// PyTorch: `Tensor.lerp`.
  public func lerp(_ end: Tensor, _ weight: any Scalar) -> Tensor {
    lerpScalarOperator.tensor(.tensor(self), .tensor(end), .scalar(weight))
  }

  /// The linear interpolation `self + weight * (end - self)`.
  ///
  /// PyTorch: `Tensor.lerp`.
  public func lerp(_ end: Tensor, _ weight: Tensor) -> Tensor {
    lerpTensorOperator.tensor(.tensor(self), .tensor(end), .tensor(weight))
  }

  /// The linear interpolation `self + weight * (end - self)`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.lerp_`.
  @discardableResult
  public func lerp_(_ end: Tensor, _ weight: any Scalar) -> Tensor {
    lerpScalarInPlace.run(.tensor(self), .tensor(end), .scalar(weight))
    return self
  }

  /// The linear interpolation `self + weight * (end - self)`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.lerp_`.
  @discardableResult
  public func lerp_(_ end: Tensor, _ weight: Tensor) -> Tensor {
    lerpTensorInPlace.run(.tensor(self), .tensor(end), .tensor(weight))
    return self
  }

  /// The natural logarithm of the absolute value of the gamma function.
  ///
  /// PyTorch: `Tensor.lgamma`.
  public func lgamma() -> Tensor {
    lgammaOperator.tensor(.tensor(self))
  }

  /// The natural logarithm of the absolute value of the gamma function.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.lgamma_`.
  @discardableResult
  public func lgamma_() -> Tensor {
    lgammaInPlace.run(.tensor(self))
    return self
  }

  /// The natural logarithm of every element.
  ///
  /// PyTorch: `Tensor.log`.
  public func log() -> Tensor {
    logOperator.tensor(.tensor(self))
  }

  /// The natural logarithm of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.log_`.
  @discardableResult
  public func log_() -> Tensor {
    logInPlace.run(.tensor(self))
    return self
  }

  /// The logarithm to base 10.
  ///
  /// PyTorch: `Tensor.log10`.
  public func log10() -> Tensor {
    log10Operator.tensor(.tensor(self))
  }

  /// The logarithm to base 10.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.log10_`.
  @discardableResult
  public func log10_() -> Tensor {
    log10InPlace.run(.tensor(self))
    return self
  }

  /// The natural logarithm of 1 plus the element, exact also for small elements.
  ///
  /// PyTorch: `Tensor.log1p`.
  public func log1p() -> Tensor {
    log1pOperator.tensor(.tensor(self))
  }

  /// The natural logarithm of 1 plus the element, exact also for small elements.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.log1p_`.
  @discardableResult
  public func log1p_() -> Tensor {
    log1pInPlace.run(.tensor(self))
    return self
  }

  /// The logarithm to base 2.
  ///
  /// PyTorch: `Tensor.log2`.
  public func log2() -> Tensor {
    log2Operator.tensor(.tensor(self))
  }

  /// The logarithm to base 2.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.log2_`.
  @discardableResult
  public func log2_() -> Tensor {
    log2InPlace.run(.tensor(self))
    return self
  }

  /// log(exp(self) + exp(other)), without overflow.
  ///
  /// PyTorch: `Tensor.logaddexp`.
  public func logAddExp(_ other: Tensor) -> Tensor {
    logaddexpOperator.tensor(.tensor(self), .tensor(other))
  }

  /// log₂(2^self + 2^other), without overflow.
  ///
  /// PyTorch: `Tensor.logaddexp2`.
  public func logAddExp2(_ other: Tensor) -> Tensor {
    logaddexp2Operator.tensor(.tensor(self), .tensor(other))
  }

  /// Whether both elements are nonzero.
  ///
  /// PyTorch: `Tensor.logical_and`.
  public func logicalAnd(_ other: Tensor) -> Tensor {
    logicalAndOperator.tensor(.tensor(self), .tensor(other))
  }

  /// Whether both elements are nonzero.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.logical_and_`.
  @discardableResult
  public func logicalAnd_(_ other: Tensor) -> Tensor {
    logicalAndInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// Whether the element is zero.
  ///
  /// PyTorch: `Tensor.logical_not`.
  public func logicalNot() -> Tensor {
    logicalNotOperator.tensor(.tensor(self))
  }

  /// Whether the element is zero.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.logical_not_`.
  @discardableResult
  public func logicalNot_() -> Tensor {
    logicalNotInPlace.run(.tensor(self))
    return self
  }

  /// Whether at least one of the elements is nonzero.
  ///
  /// PyTorch: `Tensor.logical_or`.
  public func logicalOr(_ other: Tensor) -> Tensor {
    logicalOrOperator.tensor(.tensor(self), .tensor(other))
  }

  /// Whether at least one of the elements is nonzero.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.logical_or_`.
  @discardableResult
  public func logicalOr_(_ other: Tensor) -> Tensor {
    logicalOrInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// Whether exactly one of the elements is nonzero.
  ///
  /// PyTorch: `Tensor.logical_xor`.
  public func logicalXor(_ other: Tensor) -> Tensor {
    logicalXorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// Whether exactly one of the elements is nonzero.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.logical_xor_`.
  @discardableResult
  public func logicalXor_(_ other: Tensor) -> Tensor {
    logicalXorInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// log(p / (1 - p)) of every element; `eps` limits p to [eps, 1 - eps].
  ///
  /// PyTorch: `Tensor.logit`.
  public func logit(eps: Double? = nil) -> Tensor {
    logitOperator.tensor(.tensor(self), .optionalDouble(eps))
  }

  /// log(p / (1 - p)) of every element; `eps` limits p to [eps, 1 - eps].
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.logit_`.
  @discardableResult
  public func logit_(eps: Double? = nil) -> Tensor {
    logitInPlace.run(.tensor(self), .optionalDouble(eps))
    return self
  }

  /// The larger element of each pair; NaN if either is NaN.
  ///
  /// PyTorch: `Tensor.maximum`.
  public func maximum(_ other: Tensor) -> Tensor {
    maximumOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The smaller element of each pair; NaN if either is NaN.
  ///
  /// PyTorch: `Tensor.minimum`.
  public func minimum(_ other: Tensor) -> Tensor {
    minimumOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The product of the tensor and `other`, with broadcasting.
  ///
  /// PyTorch: `Tensor.mul`.
  public func mul(_ other: Tensor) -> Tensor {
    mulTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The product of the tensor and `other`, with broadcasting.
  ///
  /// PyTorch: `Tensor.mul`.
  public func mul(_ other: any Scalar) -> Tensor {
    mulScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// The product of the tensor and `other`, with broadcasting.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.mul_`.
  @discardableResult
  public func mul_(_ other: Tensor) -> Tensor {
    mulTensorInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// The product of the tensor and `other`, with broadcasting.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.mul_`.
  @discardableResult
  public func mul_(_ other: any Scalar) -> Tensor {
    mulScalarInPlace.run(.tensor(self), .scalar(other))
    return self
  }

  /// The logarithm of the multivariate gamma function of dimension `p`.
  ///
  /// PyTorch: `Tensor.mvlgamma`.
  public func mvLgamma(_ p: Int) -> Tensor {
    mvlgammaOperator.tensor(.tensor(self), .int(p))
  }

  /// The logarithm of the multivariate gamma function of dimension `p`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.mvlgamma_`.
  @discardableResult
  public func mvLgamma_(_ p: Int) -> Tensor {
    mvlgammaInPlace.run(.tensor(self), .int(p))
    return self
  }

  /// The tensor with NaN and infinities replaced by numbers.
  ///
  /// PyTorch: `Tensor.nan_to_num`.
  public func nanToNum(nan: Double? = nil, posInf: Double? = nil, negInf: Double? = nil) -> Tensor {
    nanToNumOperator.tensor(
      .tensor(self), .optionalDouble(nan), .optionalDouble(posInf), .optionalDouble(negInf))
  }

  /// The tensor with NaN and infinities replaced by numbers.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.nan_to_num_`.
  @discardableResult
  public func nanToNum_(nan: Double? = nil, posInf: Double? = nil, negInf: Double? = nil) -> Tensor
  {
    nanToNumInPlace.run(
      .tensor(self), .optionalDouble(nan), .optionalDouble(posInf), .optionalDouble(negInf))
    return self
  }

  /// The elements with the opposite sign.
  ///
  /// PyTorch: `Tensor.neg`.
  public func neg() -> Tensor {
    negOperator.tensor(.tensor(self))
  }

  /// The elements with the opposite sign.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.neg_`.
  @discardableResult
  public func neg_() -> Tensor {
    negInPlace.run(.tensor(self))
    return self
  }

  /// The next floating-point number after the element towards `other`.
  ///
  /// PyTorch: `Tensor.nextafter`.
  public func nextAfter(_ other: Tensor) -> Tensor {
    nextafterOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The next floating-point number after the element towards `other`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.nextafter_`.
  @discardableResult
  public func nextAfter_(_ other: Tensor) -> Tensor {
    nextafterInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// The derivative of order `n` of the digamma function.
  ///
  /// PyTorch: `Tensor.polygamma`.
  public func polygamma(_ n: Int) -> Tensor {
    polygammaOperator.tensor(.int(n), .tensor(self))
  }

  /// The tensor itself; a failed operator for Boolean values.
  ///
  /// PyTorch: `Tensor.positive`.
  public func positive() -> Tensor {
    positiveOperator.tensor(.tensor(self))
  }

  /// The elements to the power of `exponent`.
  ///
  /// PyTorch: `Tensor.pow`.
  public func pow(_ exponent: any Scalar) -> Tensor {
    powTensorScalarOperator.tensor(.tensor(self), .scalar(exponent))
  }

  /// The elements to the power of `exponent`.
  ///
  /// PyTorch: `Tensor.pow`.
  public func pow(_ exponent: Tensor) -> Tensor {
    powTensorTensorOperator.tensor(.tensor(self), .tensor(exponent))
  }

  /// A scalar to the power of every element of `exponent`.
  ///
  /// PyTorch: `Tensor.pow`.
  public static func pow(_ input: any Scalar, _ exponent: Tensor) -> Tensor {
    powScalarOperator.tensor(.scalar(input), .tensor(exponent))
  }

  /// Radians converted to degrees.
  ///
  /// PyTorch: `Tensor.rad2deg`.
  public func rad2deg() -> Tensor {
    rad2degOperator.tensor(.tensor(self))
  }

  /// Radians converted to degrees.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.rad2deg_`.
  @discardableResult
  public func rad2deg_() -> Tensor {
    rad2degInPlace.run(.tensor(self))
    return self
  }

  /// The real parts, as a view of a complex tensor.
  ///
  /// PyTorch: `Tensor.real`.
  public func real() -> Tensor {
    realOperator.tensor(.tensor(self))
  }

  /// 1 / x of every element.
  ///
  /// PyTorch: `Tensor.reciprocal`.
  public func reciprocal() -> Tensor {
    reciprocalOperator.tensor(.tensor(self))
  }

  /// 1 / x of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.reciprocal_`.
  @discardableResult
  public func reciprocal_() -> Tensor {
    reciprocalInPlace.run(.tensor(self))
    return self
  }

  /// The remainder of a division, with the sign of `other`.
  ///
  /// PyTorch: `Tensor.remainder`.
  public func remainder(_ other: any Scalar) -> Tensor {
    remainderScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// The remainder of a division, with the sign of `other`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.remainder_`.
  @discardableResult
  public func remainder_(_ other: any Scalar) -> Tensor {
    remainderScalarInPlace.run(.tensor(self), .scalar(other))
    return self
  }

  /// The remainder of a division, with the sign of `other`.
  ///
  /// PyTorch: `Tensor.remainder`.
  public func remainder(_ other: Tensor) -> Tensor {
    remainderTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The remainder of a division, with the sign of `other`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.remainder_`.
  @discardableResult
  public func remainder_(_ other: Tensor) -> Tensor {
    remainderTensorInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// The remainder of a scalar divided by every element of `other`.
  ///
  /// PyTorch: `Tensor.remainder`.
  public static func remainder(_ input: any Scalar, _ other: Tensor) -> Tensor {
    remainderScalarTensorOperator.tensor(.scalar(input), .tensor(other))
  }

  /// The tensor with a pending conjugation carried out.
  ///
  /// PyTorch: `Tensor.resolve_conj`.
  public func resolveConj() -> Tensor {
    resolveConjOperator.tensor(.tensor(self))
  }

  /// The tensor with a pending negation carried out.
  ///
  /// PyTorch: `Tensor.resolve_neg`.
  public func resolveNeg() -> Tensor {
    resolveNegOperator.tensor(.tensor(self))
  }

  /// The elements rounded to the nearest integer, halves to even; or to `decimals` digits.
  ///
  /// PyTorch: `Tensor.round`.
  public func round() -> Tensor {
    roundOperator.tensor(.tensor(self))
  }

  /// The elements rounded to the nearest integer, halves to even; or to `decimals` digits.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.round_`.
  @discardableResult
  public func round_() -> Tensor {
    roundInPlace.run(.tensor(self))
    return self
  }

  /// The elements rounded to the nearest integer, halves to even; or to `decimals` digits.
  ///
  /// PyTorch: `Tensor.round`.
  public func round(decimals: Int) -> Tensor {
    roundDecimalsOperator.tensor(.tensor(self), .int(decimals))
  }

  /// The elements rounded to the nearest integer, halves to even; or to `decimals` digits.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.round_`.
  @discardableResult
  public func round_(decimals: Int) -> Tensor {
    roundDecimalsInPlace.run(.tensor(self), .int(decimals))
    return self
  }

  /// 1 / √x of every element.
  ///
  /// PyTorch: `Tensor.rsqrt`.
  public func rsqrt() -> Tensor {
    rsqrtOperator.tensor(.tensor(self))
  }

  /// 1 / √x of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.rsqrt_`.
  @discardableResult
  public func rsqrt_() -> Tensor {
    rsqrtInPlace.run(.tensor(self))
    return self
  }

  /// `other - alpha * self`, element by element.
  ///
  /// PyTorch: `torch.rsub`.
  public func rsub(_ other: Tensor, alpha: any Scalar = 1) -> Tensor {
    rsubTensorOperator.tensor(.tensor(self), .tensor(other), .scalar(alpha))
  }

  /// `other - alpha * self`, element by element.
  ///
  /// PyTorch: `torch.rsub`.
  public func rsub(_ other: any Scalar, alpha: any Scalar = 1) -> Tensor {
    rsubScalarOperator.tensor(.tensor(self), .scalar(other), .scalar(alpha))
  }

  /// The sign of every element; for complex elements, the unit vector of its direction.
  ///
  /// PyTorch: `Tensor.sgn`.
  public func sgn() -> Tensor {
    sgnOperator.tensor(.tensor(self))
  }

  /// The sign of every element; for complex elements, the unit vector of its direction.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.sgn_`.
  @discardableResult
  public func sgn_() -> Tensor {
    sgnInPlace.run(.tensor(self))
    return self
  }

  /// 1 / (1 + exp(-x)) of every element.
  ///
  /// PyTorch: `Tensor.sigmoid`.
  public func sigmoid() -> Tensor {
    sigmoidOperator.tensor(.tensor(self))
  }

  /// 1 / (1 + exp(-x)) of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.sigmoid_`.
  @discardableResult
  public func sigmoid_() -> Tensor {
    sigmoidInPlace.run(.tensor(self))
    return self
  }

  /// -1, 0 or 1, the sign of every element.
  ///
  /// PyTorch: `Tensor.sign`.
  public func sign() -> Tensor {
    signOperator.tensor(.tensor(self))
  }

  /// -1, 0 or 1, the sign of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.sign_`.
  @discardableResult
  public func sign_() -> Tensor {
    signInPlace.run(.tensor(self))
    return self
  }

  /// Whether the sign bit is set.
  ///
  /// PyTorch: `Tensor.signbit`.
  public func signbit() -> Tensor {
    signbitOperator.tensor(.tensor(self))
  }

  /// The sine of every element.
  ///
  /// PyTorch: `Tensor.sin`.
  public func sin() -> Tensor {
    sinOperator.tensor(.tensor(self))
  }

  /// The sine of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.sin_`.
  @discardableResult
  public func sin_() -> Tensor {
    sinInPlace.run(.tensor(self))
    return self
  }

  /// sin(πx) / (πx) of every element, and 1 for 0.
  ///
  /// PyTorch: `Tensor.sinc`.
  public func sinc() -> Tensor {
    sincOperator.tensor(.tensor(self))
  }

  /// sin(πx) / (πx) of every element, and 1 for 0.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.sinc_`.
  @discardableResult
  public func sinc_() -> Tensor {
    sincInPlace.run(.tensor(self))
    return self
  }

  /// The hyperbolic sine of every element.
  ///
  /// PyTorch: `Tensor.sinh`.
  public func sinh() -> Tensor {
    sinhOperator.tensor(.tensor(self))
  }

  /// The hyperbolic sine of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.sinh_`.
  @discardableResult
  public func sinh_() -> Tensor {
    sinhInPlace.run(.tensor(self))
    return self
  }

  /// The square root of every element.
  ///
  /// PyTorch: `Tensor.sqrt`.
  public func sqrt() -> Tensor {
    sqrtOperator.tensor(.tensor(self))
  }

  /// The square root of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.sqrt_`.
  @discardableResult
  public func sqrt_() -> Tensor {
    sqrtInPlace.run(.tensor(self))
    return self
  }

  /// The square of every element.
  ///
  /// PyTorch: `Tensor.square`.
  public func square() -> Tensor {
    squareOperator.tensor(.tensor(self))
  }

  /// The square of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.square_`.
  @discardableResult
  public func square_() -> Tensor {
    squareInPlace.run(.tensor(self))
    return self
  }

  /// The difference of the tensor and `other` times `alpha`, with broadcasting.
  ///
  /// PyTorch: `Tensor.sub`.
  public func sub(_ other: Tensor, alpha: any Scalar = 1) -> Tensor {
    subTensorOperator.tensor(.tensor(self), .tensor(other), .scalar(alpha))
  }

  /// The difference of the tensor and `other` times `alpha`, with broadcasting.
  ///
  /// PyTorch: `Tensor.sub`.
  public func sub(_ other: any Scalar, alpha: any Scalar = 1) -> Tensor {
    subScalarOperator.tensor(.tensor(self), .scalar(other), .scalar(alpha))
  }

  /// The difference of the tensor and `other` times `alpha`, with broadcasting.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.sub_`.
  @discardableResult
  public func sub_(_ other: Tensor, alpha: any Scalar = 1) -> Tensor {
    subTensorInPlace.run(.tensor(self), .tensor(other), .scalar(alpha))
    return self
  }

  /// The difference of the tensor and `other` times `alpha`, with broadcasting.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.sub_`.
  @discardableResult
  public func sub_(_ other: any Scalar, alpha: any Scalar = 1) -> Tensor {
    subScalarInPlace.run(.tensor(self), .scalar(other), .scalar(alpha))
    return self
  }

  /// The tangent of every element.
  ///
  /// PyTorch: `Tensor.tan`.
  public func tan() -> Tensor {
    tanOperator.tensor(.tensor(self))
  }

  /// The tangent of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.tan_`.
  @discardableResult
  public func tan_() -> Tensor {
    tanInPlace.run(.tensor(self))
    return self
  }

  /// The hyperbolic tangent of every element.
  ///
  /// PyTorch: `Tensor.tanh`.
  public func tanh() -> Tensor {
    tanhOperator.tensor(.tensor(self))
  }

  /// The hyperbolic tangent of every element.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.tanh_`.
  @discardableResult
  public func tanh_() -> Tensor {
    tanhInPlace.run(.tensor(self))
    return self
  }

  /// The elements without their fractional parts.
  ///
  /// PyTorch: `Tensor.trunc`.
  public func trunc() -> Tensor {
    truncOperator.tensor(.tensor(self))
  }

  /// The elements without their fractional parts.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.trunc_`.
  @discardableResult
  public func trunc_() -> Tensor {
    truncInPlace.run(.tensor(self))
    return self
  }

  /// `self * log(other)`; 0 where the tensor is 0.
  ///
  /// PyTorch: `Tensor.xlogy`.
  public func xLogY(_ other: any Scalar) -> Tensor {
    xlogyScalarOtherOperator.tensor(.tensor(self), .scalar(other))
  }

  /// `self * log(other)`; 0 where the tensor is 0.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.xlogy_`.
  @discardableResult
  public func xLogY_(_ other: any Scalar) -> Tensor {
    xlogyScalarOtherInPlace.run(.tensor(self), .scalar(other))
    return self
  }

  /// `self * log(other)`; 0 where the tensor is 0.
  ///
  /// PyTorch: `Tensor.xlogy`.
  public func xLogY(_ other: Tensor) -> Tensor {
    xlogyTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// `self * log(other)`; 0 where the tensor is 0.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.xlogy_`.
  @discardableResult
  public func xLogY_(_ other: Tensor) -> Tensor {
    xlogyTensorInPlace.run(.tensor(self), .tensor(other))
    return self
  }
}

private let absOperator = Operator("aten::abs")
private let absInPlace = Operator("aten::abs_")
private let acosOperator = Operator("aten::acos")
private let acosInPlace = Operator("aten::acos_")
private let acoshOperator = Operator("aten::acosh")
private let acoshInPlace = Operator("aten::acosh_")
private let addTensorOperator = Operator("aten::add", "Tensor")
private let addScalarOperator = Operator("aten::add", "Scalar")
private let addTensorInPlace = Operator("aten::add_", "Tensor")
private let addScalarInPlace = Operator("aten::add_", "Scalar")
private let addcdivOperator = Operator("aten::addcdiv")
private let addcdivInPlace = Operator("aten::addcdiv_")
private let addcmulOperator = Operator("aten::addcmul")
private let addcmulInPlace = Operator("aten::addcmul_")
private let angleOperator = Operator("aten::angle")
private let asinOperator = Operator("aten::asin")
private let asinInPlace = Operator("aten::asin_")
private let asinhOperator = Operator("aten::asinh")
private let asinhInPlace = Operator("aten::asinh_")
private let atanOperator = Operator("aten::atan")
private let atanInPlace = Operator("aten::atan_")
private let atan2Operator = Operator("aten::atan2")
private let atan2InPlace = Operator("aten::atan2_")
private let atanhOperator = Operator("aten::atanh")
private let atanhInPlace = Operator("aten::atanh_")
private let bitwiseAndTensorOperator = Operator("aten::bitwise_and", "Tensor")
private let bitwiseAndTensorInPlace = Operator("aten::bitwise_and_", "Tensor")
private let bitwiseAndScalarOperator = Operator("aten::bitwise_and", "Scalar")
private let bitwiseAndScalarInPlace = Operator("aten::bitwise_and_", "Scalar")
private let bitwiseLeftShiftTensorOperator = Operator("aten::bitwise_left_shift", "Tensor")
private let bitwiseLeftShiftTensorInPlace = Operator("aten::bitwise_left_shift_", "Tensor")
private let bitwiseLeftShiftTensorScalarOperator = Operator(
  "aten::bitwise_left_shift", "Tensor_Scalar")
private let bitwiseLeftShiftTensorScalarInPlace = Operator(
  "aten::bitwise_left_shift_", "Tensor_Scalar")
private let bitwiseNotOperator = Operator("aten::bitwise_not")
private let bitwiseNotInPlace = Operator("aten::bitwise_not_")
private let bitwiseOrTensorOperator = Operator("aten::bitwise_or", "Tensor")
private let bitwiseOrTensorInPlace = Operator("aten::bitwise_or_", "Tensor")
private let bitwiseOrScalarOperator = Operator("aten::bitwise_or", "Scalar")
private let bitwiseOrScalarInPlace = Operator("aten::bitwise_or_", "Scalar")
private let bitwiseRightShiftTensorOperator = Operator("aten::bitwise_right_shift", "Tensor")
private let bitwiseRightShiftTensorInPlace = Operator("aten::bitwise_right_shift_", "Tensor")
private let bitwiseRightShiftTensorScalarOperator = Operator(
  "aten::bitwise_right_shift", "Tensor_Scalar")
private let bitwiseRightShiftTensorScalarInPlace = Operator(
  "aten::bitwise_right_shift_", "Tensor_Scalar")
private let bitwiseXorTensorOperator = Operator("aten::bitwise_xor", "Tensor")
private let bitwiseXorTensorInPlace = Operator("aten::bitwise_xor_", "Tensor")
private let bitwiseXorScalarOperator = Operator("aten::bitwise_xor", "Scalar")
private let bitwiseXorScalarInPlace = Operator("aten::bitwise_xor_", "Scalar")
private let ceilOperator = Operator("aten::ceil")
private let ceilInPlace = Operator("aten::ceil_")
private let clampOperator = Operator("aten::clamp")
private let clampInPlace = Operator("aten::clamp_")
private let clampTensorOperator = Operator("aten::clamp", "Tensor")
private let clampTensorInPlace = Operator("aten::clamp_", "Tensor")
private let clampMaxOperator = Operator("aten::clamp_max")
private let clampMaxInPlace = Operator("aten::clamp_max_")
private let clampMaxTensorOperator = Operator("aten::clamp_max", "Tensor")
private let clampMaxTensorInPlace = Operator("aten::clamp_max_", "Tensor")
private let clampMinOperator = Operator("aten::clamp_min")
private let clampMinInPlace = Operator("aten::clamp_min_")
private let clampMinTensorOperator = Operator("aten::clamp_min", "Tensor")
private let clampMinTensorInPlace = Operator("aten::clamp_min_", "Tensor")
private let complexOperator = Operator("aten::complex")
private let conjOperator = Operator("aten::conj")
private let conjPhysicalOperator = Operator("aten::conj_physical")
private let conjPhysicalInPlace = Operator("aten::conj_physical_")
private let copysignTensorOperator = Operator("aten::copysign", "Tensor")
private let copysignScalarOperator = Operator("aten::copysign", "Scalar")
private let copysignTensorInPlace = Operator("aten::copysign_", "Tensor")
private let copysignScalarInPlace = Operator("aten::copysign_", "Scalar")
private let cosOperator = Operator("aten::cos")
private let cosInPlace = Operator("aten::cos_")
private let coshOperator = Operator("aten::cosh")
private let coshInPlace = Operator("aten::cosh_")
private let deg2radOperator = Operator("aten::deg2rad")
private let deg2radInPlace = Operator("aten::deg2rad_")
private let digammaOperator = Operator("aten::digamma")
private let digammaInPlace = Operator("aten::digamma_")
private let divTensorOperator = Operator("aten::div", "Tensor")
private let divScalarOperator = Operator("aten::div", "Scalar")
private let divTensorModeOperator = Operator("aten::div", "Tensor_mode")
private let divScalarModeOperator = Operator("aten::div", "Scalar_mode")
private let divTensorInPlace = Operator("aten::div_", "Tensor")
private let divScalarInPlace = Operator("aten::div_", "Scalar")
private let divTensorModeInPlace = Operator("aten::div_", "Tensor_mode")
private let divScalarModeInPlace = Operator("aten::div_", "Scalar_mode")
private let erfOperator = Operator("aten::erf")
private let erfInPlace = Operator("aten::erf_")
private let erfcOperator = Operator("aten::erfc")
private let erfcInPlace = Operator("aten::erfc_")
private let erfinvOperator = Operator("aten::erfinv")
private let erfinvInPlace = Operator("aten::erfinv_")
private let expOperator = Operator("aten::exp")
private let expInPlace = Operator("aten::exp_")
private let exp2Operator = Operator("aten::exp2")
private let exp2InPlace = Operator("aten::exp2_")
private let expm1Operator = Operator("aten::expm1")
private let expm1InPlace = Operator("aten::expm1_")
private let floatPowerTensorScalarOperator = Operator("aten::float_power", "Tensor_Scalar")
private let floatPowerTensorTensorOperator = Operator("aten::float_power", "Tensor_Tensor")
private let floorOperator = Operator("aten::floor")
private let floorInPlace = Operator("aten::floor_")
private let floorDivideOperator = Operator("aten::floor_divide")
private let floorDivideScalarOperator = Operator("aten::floor_divide", "Scalar")
private let floorDivideScalarInPlace = Operator("aten::floor_divide_", "Scalar")
private let fmaxOperator = Operator("aten::fmax")
private let fminOperator = Operator("aten::fmin")
private let fmodTensorOperator = Operator("aten::fmod", "Tensor")
private let fmodScalarOperator = Operator("aten::fmod", "Scalar")
private let fmodTensorInPlace = Operator("aten::fmod_", "Tensor")
private let fmodScalarInPlace = Operator("aten::fmod_", "Scalar")
private let fracOperator = Operator("aten::frac")
private let fracInPlace = Operator("aten::frac_")
private let frexpTensorOperator = Operator("aten::frexp", "Tensor")
private let gcdOperator = Operator("aten::gcd")
private let gcdInPlace = Operator("aten::gcd_")
private let heavisideOperator = Operator("aten::heaviside")
private let heavisideInPlace = Operator("aten::heaviside_")
private let hypotOperator = Operator("aten::hypot")
private let hypotInPlace = Operator("aten::hypot_")
private let i0Operator = Operator("aten::i0")
private let i0InPlace = Operator("aten::i0_")
private let igammaOperator = Operator("aten::igamma")
private let igammaInPlace = Operator("aten::igamma_")
private let igammacOperator = Operator("aten::igammac")
private let igammacInPlace = Operator("aten::igammac_")
private let imagOperator = Operator("aten::imag")
private let lcmOperator = Operator("aten::lcm")
private let lcmInPlace = Operator("aten::lcm_")
private let ldexpTensorOperator = Operator("aten::ldexp", "Tensor")
private let lerpScalarOperator = Operator("aten::lerp", "Scalar")
private let lerpTensorOperator = Operator("aten::lerp", "Tensor")
private let lerpScalarInPlace = Operator("aten::lerp_", "Scalar")
private let lerpTensorInPlace = Operator("aten::lerp_", "Tensor")
private let lgammaOperator = Operator("aten::lgamma")
private let lgammaInPlace = Operator("aten::lgamma_")
private let logOperator = Operator("aten::log")
private let logInPlace = Operator("aten::log_")
private let log10Operator = Operator("aten::log10")
private let log10InPlace = Operator("aten::log10_")
private let log1pOperator = Operator("aten::log1p")
private let log1pInPlace = Operator("aten::log1p_")
private let log2Operator = Operator("aten::log2")
private let log2InPlace = Operator("aten::log2_")
private let logaddexpOperator = Operator("aten::logaddexp")
private let logaddexp2Operator = Operator("aten::logaddexp2")
private let logicalAndOperator = Operator("aten::logical_and")
private let logicalAndInPlace = Operator("aten::logical_and_")
private let logicalNotOperator = Operator("aten::logical_not")
private let logicalNotInPlace = Operator("aten::logical_not_")
private let logicalOrOperator = Operator("aten::logical_or")
private let logicalOrInPlace = Operator("aten::logical_or_")
private let logicalXorOperator = Operator("aten::logical_xor")
private let logicalXorInPlace = Operator("aten::logical_xor_")
private let logitOperator = Operator("aten::logit")
private let logitInPlace = Operator("aten::logit_")
private let maximumOperator = Operator("aten::maximum")
private let minimumOperator = Operator("aten::minimum")
private let mulTensorOperator = Operator("aten::mul", "Tensor")
private let mulScalarOperator = Operator("aten::mul", "Scalar")
private let mulTensorInPlace = Operator("aten::mul_", "Tensor")
private let mulScalarInPlace = Operator("aten::mul_", "Scalar")
private let mvlgammaOperator = Operator("aten::mvlgamma")
private let mvlgammaInPlace = Operator("aten::mvlgamma_")
private let nanToNumOperator = Operator("aten::nan_to_num")
private let nanToNumInPlace = Operator("aten::nan_to_num_")
private let negOperator = Operator("aten::neg")
private let negInPlace = Operator("aten::neg_")
private let nextafterOperator = Operator("aten::nextafter")
private let nextafterInPlace = Operator("aten::nextafter_")
private let polygammaOperator = Operator("aten::polygamma")
private let positiveOperator = Operator("aten::positive")
private let powTensorScalarOperator = Operator("aten::pow", "Tensor_Scalar")
private let powTensorTensorOperator = Operator("aten::pow", "Tensor_Tensor")
private let powScalarOperator = Operator("aten::pow", "Scalar")
private let rad2degOperator = Operator("aten::rad2deg")
private let rad2degInPlace = Operator("aten::rad2deg_")
private let realOperator = Operator("aten::real")
private let reciprocalOperator = Operator("aten::reciprocal")
private let reciprocalInPlace = Operator("aten::reciprocal_")
private let remainderScalarOperator = Operator("aten::remainder", "Scalar")
private let remainderScalarInPlace = Operator("aten::remainder_", "Scalar")
private let remainderTensorOperator = Operator("aten::remainder", "Tensor")
private let remainderTensorInPlace = Operator("aten::remainder_", "Tensor")
private let remainderScalarTensorOperator = Operator("aten::remainder", "Scalar_Tensor")
private let resolveConjOperator = Operator("aten::resolve_conj")
private let resolveNegOperator = Operator("aten::resolve_neg")
private let roundOperator = Operator("aten::round")
private let roundInPlace = Operator("aten::round_")
private let roundDecimalsOperator = Operator("aten::round", "decimals")
private let roundDecimalsInPlace = Operator("aten::round_", "decimals")
private let rsqrtOperator = Operator("aten::rsqrt")
private let rsqrtInPlace = Operator("aten::rsqrt_")
private let rsubTensorOperator = Operator("aten::rsub", "Tensor")
private let rsubScalarOperator = Operator("aten::rsub", "Scalar")
private let sgnOperator = Operator("aten::sgn")
private let sgnInPlace = Operator("aten::sgn_")
private let sigmoidOperator = Operator("aten::sigmoid")
private let sigmoidInPlace = Operator("aten::sigmoid_")
private let signOperator = Operator("aten::sign")
private let signInPlace = Operator("aten::sign_")
private let signbitOperator = Operator("aten::signbit")
private let sinOperator = Operator("aten::sin")
private let sinInPlace = Operator("aten::sin_")
private let sincOperator = Operator("aten::sinc")
private let sincInPlace = Operator("aten::sinc_")
private let sinhOperator = Operator("aten::sinh")
private let sinhInPlace = Operator("aten::sinh_")
private let sqrtOperator = Operator("aten::sqrt")
private let sqrtInPlace = Operator("aten::sqrt_")
private let squareOperator = Operator("aten::square")
private let squareInPlace = Operator("aten::square_")
private let subTensorOperator = Operator("aten::sub", "Tensor")
private let subScalarOperator = Operator("aten::sub", "Scalar")
private let subTensorInPlace = Operator("aten::sub_", "Tensor")
private let subScalarInPlace = Operator("aten::sub_", "Scalar")
private let tanOperator = Operator("aten::tan")
private let tanInPlace = Operator("aten::tan_")
private let tanhOperator = Operator("aten::tanh")
private let tanhInPlace = Operator("aten::tanh_")
private let truncOperator = Operator("aten::trunc")
private let truncInPlace = Operator("aten::trunc_")
private let xlogyScalarOtherOperator = Operator("aten::xlogy", "Scalar_Other")
private let xlogyScalarOtherInPlace = Operator("aten::xlogy_", "Scalar_Other")
private let xlogyTensorOperator = Operator("aten::xlogy", "Tensor")
private let xlogyTensorInPlace = Operator("aten::xlogy_", "Tensor")
