// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

// Random numbers, drawn from libtorch's default generator.

extension Tensor {
  /// Draws of 0 and 1, with the elements or `p` as the probability of 1.
  ///
  /// PyTorch: `Tensor.bernoulli`.
  public func bernoulli() -> Tensor {
    SharedGenerator.warnOnLoaderThread()
    return bernoulliOperator.tensor(.tensor(self))
  }

  /// Draws of 0 and 1, with the elements or `p` as the probability of 1.
  ///
  /// PyTorch: `Tensor.bernoulli`.
  public func bernoulli(_ p: Double) -> Tensor {
    SharedGenerator.warnOnLoaderThread()
    return bernoulliPOperator.tensor(.tensor(self), .double(p))
  }

  /// Draws from binomial distributions, with the elements as counts.
  ///
  /// PyTorch: `torch.binomial`.
  public func binomial(_ prob: Tensor) -> Tensor {
    SharedGenerator.warnOnLoaderThread()
    return binomialOperator.tensor(.tensor(self), .tensor(prob))
  }

  /// `numSamples` indices for each row, with its elements as weights.
  ///
  /// PyTorch: `Tensor.multinomial`.
  public func multinomial(_ numSamples: Int, replacement: Bool = false) -> Tensor {
    SharedGenerator.warnOnLoaderThread()
    return multinomialOperator.tensor(.tensor(self), .int(numSamples), .bool(replacement))
  }

  /// Draws from normal distributions with the elements as means.
  ///
  /// PyTorch: `torch.normal`.
  public func normal(_ std: Tensor) -> Tensor {
    SharedGenerator.warnOnLoaderThread()
    return normalTensorTensorOperator.tensor(.tensor(self), .tensor(std))
  }

  /// Draws from normal distributions with the elements as means.
  ///
  /// PyTorch: `torch.normal`.
  public func normal(std: Double = 1.0) -> Tensor {
    SharedGenerator.warnOnLoaderThread()
    return normalTensorFloatOperator.tensor(.tensor(self), .double(std))
  }

  /// Draws from a normal distribution.
  ///
  /// PyTorch: `torch.normal`.
  public static func normal(
    mean: Double, std: Double, size: [Int], dtype: DType? = nil, device: Device? = nil
  ) -> Tensor {
    SharedGenerator.warnOnLoaderThread()
    return normalFloatFloatOperator.tensor(
      .double(mean), .double(std), .ints(size), .default, .optionalDType(dtype), .default,
      .optionalDevice(device))
  }

  /// Draws from Poisson distributions, with the elements as rates.
  ///
  /// PyTorch: `torch.poisson`.
  public func poisson() -> Tensor {
    SharedGenerator.warnOnLoaderThread()
    return poissonOperator.tensor(.tensor(self))
  }

  /// Draws from the uniform distribution over [0, 1).
  ///
  /// PyTorch: `torch.rand`.
  public static func rand(_ size: [Int], dtype: DType? = nil, device: Device? = nil) -> Tensor {
    SharedGenerator.warnOnLoaderThread()
    return randOperator.tensor(
      .ints(size), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// Draws from the uniform distribution over [0, 1), in the same shape.
  ///
  /// PyTorch: `torch.rand_like`.
  public func randLike(dtype: DType? = nil, device: Device? = nil) -> Tensor {
    SharedGenerator.warnOnLoaderThread()
    return randLikeOperator.tensor(
      .tensor(self), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// Draws from the integers from `low`, or 0, to `high`, without `high`.
  ///
  /// PyTorch: `torch.randint`.
  public static func randint(
    _ low: Int, _ high: Int, size: [Int], dtype: DType? = .int64, device: Device? = nil
  ) -> Tensor {
    SharedGenerator.warnOnLoaderThread()
    return randintLowOperator.tensor(
      .int(low), .int(high), .ints(size), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// Draws from the integers from `low`, or 0, to `high`, without `high`.
  ///
  /// PyTorch: `torch.randint`.
  public static func randint(
    _ high: Int, size: [Int], dtype: DType? = .int64, device: Device? = nil
  ) -> Tensor {
    SharedGenerator.warnOnLoaderThread()
    return randintOperator.tensor(
      .int(high), .ints(size), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// Draws from the integers from `low`, or 0, to `high`, in the same shape.
  ///
  /// PyTorch: `torch.randint_like`.
  public func randintLike(_ high: Int, dtype: DType? = nil, device: Device? = nil) -> Tensor {
    SharedGenerator.warnOnLoaderThread()
    return randintLikeOperator.tensor(
      .tensor(self), .int(high), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// Draws from the integers from `low`, or 0, to `high`, in the same shape.
  ///
  /// PyTorch: `torch.randint_like`.
  public func randintLike(_ low: Int, _ high: Int, dtype: DType? = nil, device: Device? = nil)
    -> Tensor
  {
    SharedGenerator.warnOnLoaderThread()
    return randintLikeLowDtypeOperator.tensor(
      .tensor(self), .int(low), .int(high), .optionalDType(dtype), .default, .optionalDevice(device)
    )
  }

  /// Draws from the standard normal distribution.
  ///
  /// PyTorch: `torch.randn`.
  public static func randn(_ size: [Int], dtype: DType? = nil, device: Device? = nil) -> Tensor {
    SharedGenerator.warnOnLoaderThread()
    return randnOperator.tensor(
      .ints(size), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// Draws from the standard normal distribution, in the same shape.
  ///
  /// PyTorch: `torch.randn_like`.
  public func randnLike(dtype: DType? = nil, device: Device? = nil) -> Tensor {
    SharedGenerator.warnOnLoaderThread()
    return randnLikeOperator.tensor(
      .tensor(self), .optionalDType(dtype), .default, .optionalDevice(device))
  }

  /// A random permutation of the integers from 0 to n - 1.
  ///
  /// PyTorch: `torch.randperm`.
  public static func randperm(_ n: Int, dtype: DType? = .int64, device: Device? = nil) -> Tensor {
    SharedGenerator.warnOnLoaderThread()
    return randpermOperator.tensor(
      .int(n), .optionalDType(dtype), .default, .optionalDevice(device))
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
private let randOperator = Operator("aten::rand")
private let randLikeOperator = Operator("aten::rand_like")
private let randintLowOperator = Operator("aten::randint", "low")
private let randintOperator = Operator("aten::randint")
private let randintLikeOperator = Operator("aten::randint_like")
private let randintLikeLowDtypeOperator = Operator("aten::randint_like", "low_dtype")
private let randnOperator = Operator("aten::randn")
private let randnLikeOperator = Operator("aten::randn_like")
private let randpermOperator = Operator("aten::randperm")
