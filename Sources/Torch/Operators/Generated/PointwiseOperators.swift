// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

// Functions of each element.

extension Tensor {
  /// The absolute values.
  ///
  /// PyTorch: `Tensor.abs`.
  public func abs() -> Tensor {
    absOperator.tensor(.tensor(self))
  }

  /// The arc cosine of every element.
  ///
  /// PyTorch: `Tensor.acos`.
  public func acos() -> Tensor {
    acosOperator.tensor(.tensor(self))
  }

  /// The inverse hyperbolic cosine of every element.
  ///
  /// PyTorch: `Tensor.acosh`.
  public func acosh() -> Tensor {
    acoshOperator.tensor(.tensor(self))
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

  /// `self + value * tensor1 / tensor2`, element by element.
  ///
  /// PyTorch: `Tensor.addcdiv`.
  public func addcdiv(_ tensor1: Tensor, _ tensor2: Tensor, value: any Scalar = 1) -> Tensor {
    addcdivOperator.tensor(.tensor(self), .tensor(tensor1), .tensor(tensor2), .scalar(value))
  }

  /// `self + value * tensor1 * tensor2`, element by element.
  ///
  /// PyTorch: `Tensor.addcmul`.
  public func addcmul(_ tensor1: Tensor, _ tensor2: Tensor, value: any Scalar = 1) -> Tensor {
    addcmulOperator.tensor(.tensor(self), .tensor(tensor1), .tensor(tensor2), .scalar(value))
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

  /// The inverse hyperbolic sine of every element.
  ///
  /// PyTorch: `Tensor.asinh`.
  public func asinh() -> Tensor {
    asinhOperator.tensor(.tensor(self))
  }

  /// The arc tangent of every element.
  ///
  /// PyTorch: `Tensor.atan`.
  public func atan() -> Tensor {
    atanOperator.tensor(.tensor(self))
  }

  /// The angle of the points (`other`, `self`), in radians, with the signs of both.
  ///
  /// PyTorch: `Tensor.atan2`.
  public func atan2(_ other: Tensor) -> Tensor {
    atan2Operator.tensor(.tensor(self), .tensor(other))
  }

  /// The inverse hyperbolic tangent of every element.
  ///
  /// PyTorch: `Tensor.atanh`.
  public func atanh() -> Tensor {
    atanhOperator.tensor(.tensor(self))
  }

  /// The bitwise AND of integers or Boolean values.
  ///
  /// PyTorch: `Tensor.bitwise_and`.
  public func bitwiseAnd(_ other: Tensor) -> Tensor {
    bitwiseAndTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The bitwise AND of integers or Boolean values.
  ///
  /// PyTorch: `Tensor.bitwise_and`.
  public func bitwiseAnd(_ other: any Scalar) -> Tensor {
    bitwiseAndScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// The integers shifted left by `other` bits.
  ///
  /// PyTorch: `Tensor.bitwise_left_shift`.
  public func bitwiseLeftShift(_ other: Tensor) -> Tensor {
    bitwiseLeftShiftTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The integers shifted left by `other` bits.
  ///
  /// PyTorch: `Tensor.bitwise_left_shift`.
  public func bitwiseLeftShift(_ other: any Scalar) -> Tensor {
    bitwiseLeftShiftTensorScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// The bitwise NOT of integers or Boolean values.
  ///
  /// PyTorch: `Tensor.bitwise_not`.
  public func bitwiseNot() -> Tensor {
    bitwiseNotOperator.tensor(.tensor(self))
  }

  /// The bitwise OR of integers or Boolean values.
  ///
  /// PyTorch: `Tensor.bitwise_or`.
  public func bitwiseOr(_ other: Tensor) -> Tensor {
    bitwiseOrTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The bitwise OR of integers or Boolean values.
  ///
  /// PyTorch: `Tensor.bitwise_or`.
  public func bitwiseOr(_ other: any Scalar) -> Tensor {
    bitwiseOrScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// The integers shifted right by `other` bits.
  ///
  /// PyTorch: `Tensor.bitwise_right_shift`.
  public func bitwiseRightShift(_ other: Tensor) -> Tensor {
    bitwiseRightShiftTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The integers shifted right by `other` bits.
  ///
  /// PyTorch: `Tensor.bitwise_right_shift`.
  public func bitwiseRightShift(_ other: any Scalar) -> Tensor {
    bitwiseRightShiftTensorScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// The bitwise exclusive OR of integers or Boolean values.
  ///
  /// PyTorch: `Tensor.bitwise_xor`.
  public func bitwiseXor(_ other: Tensor) -> Tensor {
    bitwiseXorTensorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The bitwise exclusive OR of integers or Boolean values.
  ///
  /// PyTorch: `Tensor.bitwise_xor`.
  public func bitwiseXor(_ other: any Scalar) -> Tensor {
    bitwiseXorScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// The smallest integers that are not less than the elements.
  ///
  /// PyTorch: `Tensor.ceil`.
  public func ceil() -> Tensor {
    ceilOperator.tensor(.tensor(self))
  }

  /// The elements limited to the range from `min` to `max`.
  ///
  /// PyTorch: `Tensor.clamp`.
  public func clamp(min: (any Scalar)? = nil, max: (any Scalar)? = nil) -> Tensor {
    clampOperator.tensor(.tensor(self), .optionalScalar(min), .optionalScalar(max))
  }

  /// The elements limited to the range from `min` to `max`.
  ///
  /// PyTorch: `Tensor.clamp`.
  public func clamp(min: Tensor? = nil, max: Tensor? = nil) -> Tensor {
    clampTensorOperator.tensor(.tensor(self), .optionalTensor(min), .optionalTensor(max))
  }

  /// The elements, at most `max`.
  ///
  /// PyTorch: `Tensor.clamp_max`.
  public func clampMax(_ max: any Scalar) -> Tensor {
    clampMaxOperator.tensor(.tensor(self), .scalar(max))
  }

  /// The elements, at most `max`.
  ///
  /// PyTorch: `Tensor.clamp_max`.
  public func clampMax(_ max: Tensor) -> Tensor {
    clampMaxTensorOperator.tensor(.tensor(self), .tensor(max))
  }

  /// The elements, at least `min`.
  ///
  /// PyTorch: `Tensor.clamp_min`.
  public func clampMin(_ min: any Scalar) -> Tensor {
    clampMinOperator.tensor(.tensor(self), .scalar(min))
  }

  /// The elements, at least `min`.
  ///
  /// PyTorch: `Tensor.clamp_min`.
  public func clampMin(_ min: Tensor) -> Tensor {
    clampMinTensorOperator.tensor(.tensor(self), .tensor(min))
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

  /// The cosine of every element.
  ///
  /// PyTorch: `Tensor.cos`.
  public func cos() -> Tensor {
    cosOperator.tensor(.tensor(self))
  }

  /// The hyperbolic cosine of every element.
  ///
  /// PyTorch: `Tensor.cosh`.
  public func cosh() -> Tensor {
    coshOperator.tensor(.tensor(self))
  }

  /// Degrees converted to radians.
  ///
  /// PyTorch: `Tensor.deg2rad`.
  public func deg2rad() -> Tensor {
    deg2radOperator.tensor(.tensor(self))
  }

  /// The logarithmic derivative of the gamma function.
  ///
  /// PyTorch: `Tensor.digamma`.
  public func digamma() -> Tensor {
    digammaOperator.tensor(.tensor(self))
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

  /// The error function of every element.
  ///
  /// PyTorch: `Tensor.erf`.
  public func erf() -> Tensor {
    erfOperator.tensor(.tensor(self))
  }

  /// The complementary error function of every element.
  ///
  /// PyTorch: `Tensor.erfc`.
  public func erfc() -> Tensor {
    erfcOperator.tensor(.tensor(self))
  }

  /// The inverse of the error function.
  ///
  /// PyTorch: `Tensor.erfinv`.
  public func erfinv() -> Tensor {
    erfinvOperator.tensor(.tensor(self))
  }

  /// The exponential of every element.
  ///
  /// PyTorch: `Tensor.exp`.
  public func exp() -> Tensor {
    expOperator.tensor(.tensor(self))
  }

  /// 2 to the power of every element.
  ///
  /// PyTorch: `Tensor.exp2`.
  public func exp2() -> Tensor {
    exp2Operator.tensor(.tensor(self))
  }

  /// The exponential minus 1, exact also for small elements.
  ///
  /// PyTorch: `Tensor.expm1`.
  public func expm1() -> Tensor {
    expm1Operator.tensor(.tensor(self))
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

  /// The fractional parts.
  ///
  /// PyTorch: `Tensor.frac`.
  public func frac() -> Tensor {
    fracOperator.tensor(.tensor(self))
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

  /// The Heaviside step function; `values` holds the result where an element is 0.
  ///
  /// PyTorch: `Tensor.heaviside`.
  public func heaviside(_ values: Tensor) -> Tensor {
    heavisideOperator.tensor(.tensor(self), .tensor(values))
  }

  /// The length of the hypotenuse of each pair of legs.
  ///
  /// PyTorch: `Tensor.hypot`.
  public func hypot(_ other: Tensor) -> Tensor {
    hypotOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The modified Bessel function of the first kind of order 0.
  ///
  /// PyTorch: `Tensor.i0`.
  public func i0() -> Tensor {
    i0Operator.tensor(.tensor(self))
  }

  /// The regularized lower incomplete gamma function.
  ///
  /// PyTorch: `Tensor.igamma`.
  public func igamma(_ other: Tensor) -> Tensor {
    igammaOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The regularized upper incomplete gamma function.
  ///
  /// PyTorch: `Tensor.igammac`.
  public func igammac(_ other: Tensor) -> Tensor {
    igammacOperator.tensor(.tensor(self), .tensor(other))
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

  /// The natural logarithm of the absolute value of the gamma function.
  ///
  /// PyTorch: `Tensor.lgamma`.
  public func lgamma() -> Tensor {
    lgammaOperator.tensor(.tensor(self))
  }

  /// The natural logarithm of every element.
  ///
  /// PyTorch: `Tensor.log`.
  public func log() -> Tensor {
    logOperator.tensor(.tensor(self))
  }

  /// The logarithm to base 10.
  ///
  /// PyTorch: `Tensor.log10`.
  public func log10() -> Tensor {
    log10Operator.tensor(.tensor(self))
  }

  /// The natural logarithm of 1 plus the element, exact also for small elements.
  ///
  /// PyTorch: `Tensor.log1p`.
  public func log1p() -> Tensor {
    log1pOperator.tensor(.tensor(self))
  }

  /// The logarithm to base 2.
  ///
  /// PyTorch: `Tensor.log2`.
  public func log2() -> Tensor {
    log2Operator.tensor(.tensor(self))
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

  /// Whether the element is zero.
  ///
  /// PyTorch: `Tensor.logical_not`.
  public func logicalNot() -> Tensor {
    logicalNotOperator.tensor(.tensor(self))
  }

  /// Whether at least one of the elements is nonzero.
  ///
  /// PyTorch: `Tensor.logical_or`.
  public func logicalOr(_ other: Tensor) -> Tensor {
    logicalOrOperator.tensor(.tensor(self), .tensor(other))
  }

  /// Whether exactly one of the elements is nonzero.
  ///
  /// PyTorch: `Tensor.logical_xor`.
  public func logicalXor(_ other: Tensor) -> Tensor {
    logicalXorOperator.tensor(.tensor(self), .tensor(other))
  }

  /// log(p / (1 - p)) of every element; `eps` limits p to [eps, 1 - eps].
  ///
  /// PyTorch: `Tensor.logit`.
  public func logit(eps: Double? = nil) -> Tensor {
    logitOperator.tensor(.tensor(self), .optionalDouble(eps))
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

  /// The logarithm of the multivariate gamma function of dimension `p`.
  ///
  /// PyTorch: `Tensor.mvlgamma`.
  public func mvLgamma(_ p: Int) -> Tensor {
    mvlgammaOperator.tensor(.tensor(self), .int(p))
  }

  /// The tensor with NaN and infinities replaced by numbers.
  ///
  /// PyTorch: `Tensor.nan_to_num`.
  public func nanToNum(nan: Double? = nil, posInf: Double? = nil, negInf: Double? = nil) -> Tensor {
    nanToNumOperator.tensor(
      .tensor(self), .optionalDouble(nan), .optionalDouble(posInf), .optionalDouble(negInf))
  }

  /// The elements with the opposite sign.
  ///
  /// PyTorch: `Tensor.neg`.
  public func neg() -> Tensor {
    negOperator.tensor(.tensor(self))
  }

  /// The next floating-point number after the element towards `other`.
  ///
  /// PyTorch: `Tensor.nextafter`.
  public func nextAfter(_ other: Tensor) -> Tensor {
    nextafterOperator.tensor(.tensor(self), .tensor(other))
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

  /// The remainder of a division, with the sign of `other`.
  ///
  /// PyTorch: `Tensor.remainder`.
  public func remainder(_ other: any Scalar) -> Tensor {
    remainderScalarOperator.tensor(.tensor(self), .scalar(other))
  }

  /// The remainder of a division, with the sign of `other`.
  ///
  /// PyTorch: `Tensor.remainder`.
  public func remainder(_ other: Tensor) -> Tensor {
    remainderTensorOperator.tensor(.tensor(self), .tensor(other))
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
  /// PyTorch: `Tensor.round`.
  public func round(decimals: Int) -> Tensor {
    roundDecimalsOperator.tensor(.tensor(self), .int(decimals))
  }

  /// 1 / √x of every element.
  ///
  /// PyTorch: `Tensor.rsqrt`.
  public func rsqrt() -> Tensor {
    rsqrtOperator.tensor(.tensor(self))
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

  /// 1 / (1 + exp(-x)) of every element.
  ///
  /// PyTorch: `Tensor.sigmoid`.
  public func sigmoid() -> Tensor {
    sigmoidOperator.tensor(.tensor(self))
  }

  /// -1, 0 or 1, the sign of every element.
  ///
  /// PyTorch: `Tensor.sign`.
  public func sign() -> Tensor {
    signOperator.tensor(.tensor(self))
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

  /// sin(πx) / (πx) of every element, and 1 for 0.
  ///
  /// PyTorch: `Tensor.sinc`.
  public func sinc() -> Tensor {
    sincOperator.tensor(.tensor(self))
  }

  /// The hyperbolic sine of every element.
  ///
  /// PyTorch: `Tensor.sinh`.
  public func sinh() -> Tensor {
    sinhOperator.tensor(.tensor(self))
  }

  /// The square root of every element.
  ///
  /// PyTorch: `Tensor.sqrt`.
  public func sqrt() -> Tensor {
    sqrtOperator.tensor(.tensor(self))
  }

  /// The square of every element.
  ///
  /// PyTorch: `Tensor.square`.
  public func square() -> Tensor {
    squareOperator.tensor(.tensor(self))
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

  /// The tangent of every element.
  ///
  /// PyTorch: `Tensor.tan`.
  public func tan() -> Tensor {
    tanOperator.tensor(.tensor(self))
  }

  /// The hyperbolic tangent of every element.
  ///
  /// PyTorch: `Tensor.tanh`.
  public func tanh() -> Tensor {
    tanhOperator.tensor(.tensor(self))
  }

  /// The elements without their fractional parts.
  ///
  /// PyTorch: `Tensor.trunc`.
  public func trunc() -> Tensor {
    truncOperator.tensor(.tensor(self))
  }

  /// `self * log(other)`; 0 where the tensor is 0.
  ///
  /// PyTorch: `Tensor.xlogy`.
  public func xLogY(_ other: any Scalar) -> Tensor {
    xlogyScalarOtherOperator.tensor(.tensor(self), .scalar(other))
  }

  /// `self * log(other)`; 0 where the tensor is 0.
  ///
  /// PyTorch: `Tensor.xlogy`.
  public func xLogY(_ other: Tensor) -> Tensor {
    xlogyTensorOperator.tensor(.tensor(self), .tensor(other))
  }
}

private let absOperator = Operator("aten::abs")
private let acosOperator = Operator("aten::acos")
private let acoshOperator = Operator("aten::acosh")
private let addTensorOperator = Operator("aten::add", "Tensor")
private let addScalarOperator = Operator("aten::add", "Scalar")
private let addcdivOperator = Operator("aten::addcdiv")
private let addcmulOperator = Operator("aten::addcmul")
private let angleOperator = Operator("aten::angle")
private let asinOperator = Operator("aten::asin")
private let asinhOperator = Operator("aten::asinh")
private let atanOperator = Operator("aten::atan")
private let atan2Operator = Operator("aten::atan2")
private let atanhOperator = Operator("aten::atanh")
private let bitwiseAndTensorOperator = Operator("aten::bitwise_and", "Tensor")
private let bitwiseAndScalarOperator = Operator("aten::bitwise_and", "Scalar")
private let bitwiseLeftShiftTensorOperator = Operator("aten::bitwise_left_shift", "Tensor")
private let bitwiseLeftShiftTensorScalarOperator = Operator(
  "aten::bitwise_left_shift", "Tensor_Scalar")
private let bitwiseNotOperator = Operator("aten::bitwise_not")
private let bitwiseOrTensorOperator = Operator("aten::bitwise_or", "Tensor")
private let bitwiseOrScalarOperator = Operator("aten::bitwise_or", "Scalar")
private let bitwiseRightShiftTensorOperator = Operator("aten::bitwise_right_shift", "Tensor")
private let bitwiseRightShiftTensorScalarOperator = Operator(
  "aten::bitwise_right_shift", "Tensor_Scalar")
private let bitwiseXorTensorOperator = Operator("aten::bitwise_xor", "Tensor")
private let bitwiseXorScalarOperator = Operator("aten::bitwise_xor", "Scalar")
private let ceilOperator = Operator("aten::ceil")
private let clampOperator = Operator("aten::clamp")
private let clampTensorOperator = Operator("aten::clamp", "Tensor")
private let clampMaxOperator = Operator("aten::clamp_max")
private let clampMaxTensorOperator = Operator("aten::clamp_max", "Tensor")
private let clampMinOperator = Operator("aten::clamp_min")
private let clampMinTensorOperator = Operator("aten::clamp_min", "Tensor")
private let complexOperator = Operator("aten::complex")
private let conjOperator = Operator("aten::conj")
private let conjPhysicalOperator = Operator("aten::conj_physical")
private let copysignTensorOperator = Operator("aten::copysign", "Tensor")
private let copysignScalarOperator = Operator("aten::copysign", "Scalar")
private let cosOperator = Operator("aten::cos")
private let coshOperator = Operator("aten::cosh")
private let deg2radOperator = Operator("aten::deg2rad")
private let digammaOperator = Operator("aten::digamma")
private let divTensorOperator = Operator("aten::div", "Tensor")
private let divScalarOperator = Operator("aten::div", "Scalar")
private let divTensorModeOperator = Operator("aten::div", "Tensor_mode")
private let divScalarModeOperator = Operator("aten::div", "Scalar_mode")
private let erfOperator = Operator("aten::erf")
private let erfcOperator = Operator("aten::erfc")
private let erfinvOperator = Operator("aten::erfinv")
private let expOperator = Operator("aten::exp")
private let exp2Operator = Operator("aten::exp2")
private let expm1Operator = Operator("aten::expm1")
private let floatPowerTensorScalarOperator = Operator("aten::float_power", "Tensor_Scalar")
private let floatPowerTensorTensorOperator = Operator("aten::float_power", "Tensor_Tensor")
private let floorOperator = Operator("aten::floor")
private let floorDivideOperator = Operator("aten::floor_divide")
private let floorDivideScalarOperator = Operator("aten::floor_divide", "Scalar")
private let fmaxOperator = Operator("aten::fmax")
private let fminOperator = Operator("aten::fmin")
private let fmodTensorOperator = Operator("aten::fmod", "Tensor")
private let fmodScalarOperator = Operator("aten::fmod", "Scalar")
private let fracOperator = Operator("aten::frac")
private let frexpTensorOperator = Operator("aten::frexp", "Tensor")
private let gcdOperator = Operator("aten::gcd")
private let heavisideOperator = Operator("aten::heaviside")
private let hypotOperator = Operator("aten::hypot")
private let i0Operator = Operator("aten::i0")
private let igammaOperator = Operator("aten::igamma")
private let igammacOperator = Operator("aten::igammac")
private let imagOperator = Operator("aten::imag")
private let lcmOperator = Operator("aten::lcm")
private let ldexpTensorOperator = Operator("aten::ldexp", "Tensor")
private let lerpScalarOperator = Operator("aten::lerp", "Scalar")
private let lerpTensorOperator = Operator("aten::lerp", "Tensor")
private let lgammaOperator = Operator("aten::lgamma")
private let logOperator = Operator("aten::log")
private let log10Operator = Operator("aten::log10")
private let log1pOperator = Operator("aten::log1p")
private let log2Operator = Operator("aten::log2")
private let logaddexpOperator = Operator("aten::logaddexp")
private let logaddexp2Operator = Operator("aten::logaddexp2")
private let logicalAndOperator = Operator("aten::logical_and")
private let logicalNotOperator = Operator("aten::logical_not")
private let logicalOrOperator = Operator("aten::logical_or")
private let logicalXorOperator = Operator("aten::logical_xor")
private let logitOperator = Operator("aten::logit")
private let maximumOperator = Operator("aten::maximum")
private let minimumOperator = Operator("aten::minimum")
private let mulTensorOperator = Operator("aten::mul", "Tensor")
private let mulScalarOperator = Operator("aten::mul", "Scalar")
private let mvlgammaOperator = Operator("aten::mvlgamma")
private let nanToNumOperator = Operator("aten::nan_to_num")
private let negOperator = Operator("aten::neg")
private let nextafterOperator = Operator("aten::nextafter")
private let polygammaOperator = Operator("aten::polygamma")
private let positiveOperator = Operator("aten::positive")
private let powTensorScalarOperator = Operator("aten::pow", "Tensor_Scalar")
private let powTensorTensorOperator = Operator("aten::pow", "Tensor_Tensor")
private let powScalarOperator = Operator("aten::pow", "Scalar")
private let rad2degOperator = Operator("aten::rad2deg")
private let realOperator = Operator("aten::real")
private let reciprocalOperator = Operator("aten::reciprocal")
private let remainderScalarOperator = Operator("aten::remainder", "Scalar")
private let remainderTensorOperator = Operator("aten::remainder", "Tensor")
private let remainderScalarTensorOperator = Operator("aten::remainder", "Scalar_Tensor")
private let resolveConjOperator = Operator("aten::resolve_conj")
private let resolveNegOperator = Operator("aten::resolve_neg")
private let roundOperator = Operator("aten::round")
private let roundDecimalsOperator = Operator("aten::round", "decimals")
private let rsqrtOperator = Operator("aten::rsqrt")
private let rsubTensorOperator = Operator("aten::rsub", "Tensor")
private let rsubScalarOperator = Operator("aten::rsub", "Scalar")
private let sgnOperator = Operator("aten::sgn")
private let sigmoidOperator = Operator("aten::sigmoid")
private let signOperator = Operator("aten::sign")
private let signbitOperator = Operator("aten::signbit")
private let sinOperator = Operator("aten::sin")
private let sincOperator = Operator("aten::sinc")
private let sinhOperator = Operator("aten::sinh")
private let sqrtOperator = Operator("aten::sqrt")
private let squareOperator = Operator("aten::square")
private let subTensorOperator = Operator("aten::sub", "Tensor")
private let subScalarOperator = Operator("aten::sub", "Scalar")
private let tanOperator = Operator("aten::tan")
private let tanhOperator = Operator("aten::tanh")
private let truncOperator = Operator("aten::trunc")
private let xlogyScalarOtherOperator = Operator("aten::xlogy", "Scalar_Other")
private let xlogyTensorOperator = Operator("aten::xlogy", "Tensor")
