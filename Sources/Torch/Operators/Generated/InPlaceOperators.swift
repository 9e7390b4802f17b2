// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

// Operators that only exist in place.

extension Tensor {
  /// Draws of 0 and 1, with `p` as the probability of 1.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.bernoulli_`.
  @discardableResult
  public func bernoulli_(p: Double = 0.5, generator: Generator? = nil) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    bernoulliFloatInPlace.run(.tensor(self), .double(p), .optionalGenerator(generator))
    return self
  }

  /// Draws of 0 and 1, with `p` as the probability of 1.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.bernoulli_`.
  @discardableResult
  public func bernoulli_(p: Tensor, generator: Generator? = nil) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    bernoulliTensorInPlace.run(.tensor(self), .tensor(p), .optionalGenerator(generator))
    return self
  }

  /// Draws from a Cauchy distribution.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.cauchy_`.
  @discardableResult
  public func cauchy_(median: Double = 0.0, sigma: Double = 1.0, generator: Generator? = nil)
    -> Tensor
  {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    cauchyInPlace.run(.tensor(self), .double(median), .double(sigma), .optionalGenerator(generator))
    return self
  }

  /// The elements of another tensor, converted and broadcast.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.copy_`.
  @discardableResult
  public func copy_(_ src: Tensor) -> Tensor {
    copyInPlace.run(.tensor(self), .tensor(src))
    return self
  }

  /// Draws from an exponential distribution of rate `lambd`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.exponential_`.
  @discardableResult
  public func exponential_(lambd: Double = 1.0, generator: Generator? = nil) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    exponentialInPlace.run(.tensor(self), .double(lambd), .optionalGenerator(generator))
    return self
  }

  /// One value on the diagonal; the other elements stay.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.fill_diagonal_`.
  @discardableResult
  public func fillDiagonal_(_ fillValue: any Scalar, wrap: Bool = false) -> Tensor {
    fillDiagonalInPlace.run(.tensor(self), .scalar(fillValue), .bool(wrap))
    return self
  }

  /// The power, computed in float64; the tensor must be float64 or complex128.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.float_power_`.
  @discardableResult
  public func floatPower_(_ exponent: any Scalar) -> Tensor {
    floatPowerScalarInPlace.run(.tensor(self), .scalar(exponent))
    return self
  }

  /// The power, computed in float64; the tensor must be float64 or complex128.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.float_power_`.
  @discardableResult
  public func floatPower_(_ exponent: Tensor) -> Tensor {
    floatPowerTensorInPlace.run(.tensor(self), .tensor(exponent))
    return self
  }

  /// The quotients rounded towards negative infinity.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.floor_divide_`.
  @discardableResult
  public func floorDivide_(_ other: Tensor) -> Tensor {
    floorDivideTensorInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// Draws from a geometric distribution of probability `p`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.geometric_`.
  @discardableResult
  public func geometric_(_ p: Double, generator: Generator? = nil) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    geometricInPlace.run(.tensor(self), .double(p), .optionalGenerator(generator))
    return self
  }

  /// The elements times 2 to the power of `other`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.ldexp_`.
  @discardableResult
  public func ldexp_(_ other: Tensor) -> Tensor {
    ldexpInPlace.run(.tensor(self), .tensor(other))
    return self
  }

  /// Draws from a log-normal distribution; mean and deviation are those of the logarithm.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.log_normal_`.
  @discardableResult
  public func logNormal_(mean: Double = 1.0, std: Double = 2.0, generator: Generator? = nil)
    -> Tensor
  {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    logNormalInPlace.run(.tensor(self), .double(mean), .double(std), .optionalGenerator(generator))
    return self
  }

  /// Draws from a normal distribution.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.normal_`.
  @discardableResult
  public func normal_(mean: Double = 0.0, std: Double = 1.0, generator: Generator? = nil) -> Tensor
  {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    normalInPlace.run(.tensor(self), .double(mean), .double(std), .optionalGenerator(generator))
    return self
  }

  /// The n-th derivatives of the digamma function.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.polygamma_`.
  @discardableResult
  public func polygamma_(n: Int) -> Tensor {
    polygammaInPlace.run(.tensor(self), .int(n))
    return self
  }

  /// The elements to the power of `exponent`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.pow_`.
  @discardableResult
  public func pow_(_ exponent: any Scalar) -> Tensor {
    powScalarInPlace.run(.tensor(self), .scalar(exponent))
    return self
  }

  /// The elements to the power of `exponent`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.pow_`.
  @discardableResult
  public func pow_(_ exponent: Tensor) -> Tensor {
    powTensorInPlace.run(.tensor(self), .tensor(exponent))
    return self
  }

  /// Draws from the integers from `from`, or 0, to `to`, without `to`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.random_`.
  @discardableResult
  public func random_(generator: Generator? = nil) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    randomInPlace.run(.tensor(self), .optionalGenerator(generator))
    return self
  }

  /// Draws from the integers from `from`, or 0, to `to`, without `to`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.random_`.
  @discardableResult
  public func random_(_ to: Int, generator: Generator? = nil) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    randomToInPlace.run(.tensor(self), .int(to), .optionalGenerator(generator))
    return self
  }

  /// Draws from the integers from `from`, or 0, to `to`, without `to`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.random_`.
  @discardableResult
  public func random_(_ from: Int, _ to: Int?, generator: Generator? = nil) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    randomFromInPlace.run(
      .tensor(self), .int(from), .optionalInt(to), .optionalGenerator(generator))
    return self
  }

  /// Two dimensions swapped; the memory stays.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.transpose_`.
  @discardableResult
  public func transpose_(_ dim0: Int, _ dim1: Int) -> Tensor {
    transposeInPlace.run(.tensor(self), .int(dim0), .int(dim1))
    return self
  }

  /// Draws from the uniform distribution over `from..<to`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.uniform_`.
  @discardableResult
  public func uniform_(from: Double = 0.0, to: Double = 1.0, generator: Generator? = nil) -> Tensor
  {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    uniformInPlace.run(.tensor(self), .double(from), .double(to), .optionalGenerator(generator))
    return self
  }

  /// Zeros.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.zero_`.
  @discardableResult
  public func zero_() -> Tensor {
    zeroInPlace.run(.tensor(self))
    return self
  }
}

private let bernoulliFloatInPlace = Operator("aten::bernoulli_", "float")
private let bernoulliTensorInPlace = Operator("aten::bernoulli_", "Tensor")
private let cauchyInPlace = Operator("aten::cauchy_")
private let copyInPlace = Operator("aten::copy_")
private let exponentialInPlace = Operator("aten::exponential_")
private let fillDiagonalInPlace = Operator("aten::fill_diagonal_")
private let floatPowerScalarInPlace = Operator("aten::float_power_", "Scalar")
private let floatPowerTensorInPlace = Operator("aten::float_power_", "Tensor")
private let floorDivideTensorInPlace = Operator("aten::floor_divide_", "Tensor")
private let geometricInPlace = Operator("aten::geometric_")
private let ldexpInPlace = Operator("aten::ldexp_")
private let logNormalInPlace = Operator("aten::log_normal_")
private let normalInPlace = Operator("aten::normal_")
private let polygammaInPlace = Operator("aten::polygamma_")
private let powScalarInPlace = Operator("aten::pow_", "Scalar")
private let powTensorInPlace = Operator("aten::pow_", "Tensor")
private let randomInPlace = Operator("aten::random_")
private let randomToInPlace = Operator("aten::random_", "to")
private let randomFromInPlace = Operator("aten::random_", "from")
private let transposeInPlace = Operator("aten::transpose_")
private let uniformInPlace = Operator("aten::uniform_")
private let zeroInPlace = Operator("aten::zero_")
