// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

// Random numbers, drawn from a generator, or else from libtorch's default one.

extension Tensor {
  /// Draws of 0 and 1, with the elements or `p` as the probability of 1.
  ///
  /// PyTorch: `Tensor.bernoulli`.
  public func bernoulli(generator: Generator? = nil) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    return bernoulliOperator.tensor(.tensor(self), .optionalGenerator(generator))
  }

  /// Draws of 0 and 1, with the elements or `p` as the probability of 1.
  ///
  /// PyTorch: `Tensor.bernoulli`.
  public func bernoulli(_ p: Double, generator: Generator? = nil) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    return bernoulliPOperator.tensor(.tensor(self), .double(p), .optionalGenerator(generator))
  }

  /// Draws from binomial distributions, with the elements as counts.
  ///
  /// PyTorch: `torch.binomial`.
  public func binomial(_ prob: Tensor, generator: Generator? = nil) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    return binomialOperator.tensor(.tensor(self), .tensor(prob), .optionalGenerator(generator))
  }

  /// `numSamples` indices for each row, with its elements as weights.
  ///
  /// PyTorch: `Tensor.multinomial`.
  public func multinomial(_ numSamples: Int, replacement: Bool = false, generator: Generator? = nil)
    -> Tensor
  {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    return multinomialOperator.tensor(
      .tensor(self), .int(numSamples), .bool(replacement), .optionalGenerator(generator))
  }

  /// Draws from normal distributions with the elements as means.
  ///
  /// PyTorch: `torch.normal`.
  public func normal(_ std: Tensor, generator: Generator? = nil) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    return normalTensorTensorOperator.tensor(
      .tensor(self), .tensor(std), .optionalGenerator(generator))
  }

  /// Draws from normal distributions with the elements as means.
  ///
  /// PyTorch: `torch.normal`.
  public func normal(std: Double = 1.0, generator: Generator? = nil) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    return normalTensorFloatOperator.tensor(
      .tensor(self), .double(std), .optionalGenerator(generator))
  }

  /// Draws from a normal distribution.
  ///
  /// PyTorch: `torch.normal`.
  public static func normal(
    mean: Double, std: Double, size: [Int], generator: Generator? = nil, dtype: DType? = nil,
    device: Device? = nil
  ) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    return normalFloatFloatOperator.tensor(
      .double(mean), .double(std), .ints(size), .optionalGenerator(generator),
      .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// Draws from Poisson distributions, with the elements as rates.
  ///
  /// PyTorch: `torch.poisson`.
  public func poisson(generator: Generator? = nil) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    return poissonOperator.tensor(.tensor(self), .optionalGenerator(generator))
  }

  /// Draws from the uniform distribution over [0, 1).
  ///
  /// PyTorch: `torch.rand`.
  public static func rand(
    _ size: [Int], generator: Generator? = nil, dtype: DType? = nil, device: Device? = nil
  ) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    return randGeneratorOperator.tensor(
      .ints(size), .optionalGenerator(generator), .optionalDType(dtype), .default,
      .optionalDevice(device))
  }

  /// Draws from the uniform distribution over [0, 1), in the same shape.
  ///
  /// PyTorch: `torch.rand_like`.
  public func randLike(generator: Generator? = nil, dtype: DType? = nil, device: Device? = nil)
    -> Tensor
  {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    return randLikeGeneratorOperator.tensor(
      .tensor(self), .optionalGenerator(generator), .optionalDType(dtype), .default,
      .optionalDevice(device))
  }

  /// Draws from the integers from `low`, or 0, to `high`, without `high`.
  ///
  /// PyTorch: `torch.randint`.
  public static func randint(
    _ low: Int, _ high: Int, size: [Int], generator: Generator? = nil, dtype: DType? = .int64,
    device: Device? = nil
  ) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    return randintLowGeneratorOperator.tensor(
      .int(low), .int(high), .ints(size), .optionalGenerator(generator), .optionalDType(dtype),
      .default, .optionalDevice(device))
  }

  /// Draws from the integers from `low`, or 0, to `high`, without `high`.
  ///
  /// PyTorch: `torch.randint`.
  public static func randint(
    _ high: Int, size: [Int], generator: Generator? = nil, dtype: DType? = .int64,
    device: Device? = nil
  ) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    return randintGeneratorOperator.tensor(
      .int(high), .ints(size), .optionalGenerator(generator), .optionalDType(dtype), .default,
      .optionalDevice(device))
  }

  /// Draws from the integers from `low`, or 0, to `high`, in the same shape.
  ///
  /// PyTorch: `torch.randint_like`.
  public func randintLike(
    _ high: Int, generator: Generator? = nil, dtype: DType? = nil, device: Device? = nil
  ) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    return randintLikeGeneratorOperator.tensor(
      .tensor(self), .int(high), .optionalGenerator(generator), .optionalDType(dtype), .default,
      .optionalDevice(device))
  }

  /// Draws from the integers from `low`, or 0, to `high`, in the same shape.
  ///
  /// PyTorch: `torch.randint_like`.
  public func randintLike(
    _ low: Int, _ high: Int, generator: Generator? = nil, dtype: DType? = nil, device: Device? = nil
  ) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    return randintLikeLowGeneratorDtypeOperator.tensor(
      .tensor(self), .int(low), .int(high), .optionalGenerator(generator), .optionalDType(dtype),
      .default, .optionalDevice(device))
  }

  /// Draws from the standard normal distribution.
  ///
  /// PyTorch: `torch.randn`.
  public static func randn(
    _ size: [Int], generator: Generator? = nil, dtype: DType? = nil, device: Device? = nil
  ) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    return randnGeneratorOperator.tensor(
      .ints(size), .optionalGenerator(generator), .optionalDType(dtype), .default,
      .optionalDevice(device))
  }

  /// Draws from the standard normal distribution, in the same shape.
  ///
  /// PyTorch: `torch.randn_like`.
  public func randnLike(generator: Generator? = nil, dtype: DType? = nil, device: Device? = nil)
    -> Tensor
  {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    return randnLikeGeneratorOperator.tensor(
      .tensor(self), .optionalGenerator(generator), .optionalDType(dtype), .default,
      .optionalDevice(device))
  }

  /// A random permutation of the integers from 0 to n - 1.
  ///
  /// PyTorch: `torch.randperm`.
  public static func randperm(
    _ n: Int, generator: Generator? = nil, dtype: DType? = .int64, device: Device? = nil
  ) -> Tensor {
    if generator == nil { SharedGenerator.warnOnLoaderThread() }
    return randpermGeneratorOperator.tensor(
      .int(n), .optionalGenerator(generator), .optionalDType(dtype), .default,
      .optionalDevice(device))
  }
}

private let bernoulliOperator = Operator("aten::bernoulli")
private let bernoulliPOperator = Operator("aten::bernoulli", "p")
private let binomialOperator = Operator("aten::binomial")
private let multinomialOperator = Operator("aten::multinomial")
private let normalTensorTensorOperator = Operator("aten::normal", "Tensor_Tensor")
private let normalTensorFloatOperator = Operator("aten::normal", "Tensor_float")
private let normalFloatFloatOperator = Operator("aten::normal", "float_float")
private let poissonOperator = Operator("aten::poisson")
private let randGeneratorOperator = Operator("aten::rand", "generator")
private let randLikeGeneratorOperator = Operator("aten::rand_like", "generator")
private let randintLowGeneratorOperator = Operator("aten::randint", "low_generator")
private let randintGeneratorOperator = Operator("aten::randint", "generator")
private let randintLikeGeneratorOperator = Operator("aten::randint_like", "generator")
private let randintLikeLowGeneratorDtypeOperator = Operator(
  "aten::randint_like", "low_generator_dtype")
private let randnGeneratorOperator = Operator("aten::randn", "generator")
private let randnLikeGeneratorOperator = Operator("aten::randn_like", "generator")
private let randpermGeneratorOperator = Operator("aten::randperm", "generator")
