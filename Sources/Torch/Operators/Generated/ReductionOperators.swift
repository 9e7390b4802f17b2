// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

// Reductions over all elements or along dimensions.

extension Tensor {
  /// Whether all elements are nonzero.
  ///
  /// PyTorch: `Tensor.all`.
  public func all() -> Tensor {
    allOperator.tensor(.tensor(self))
  }

  /// Whether all elements are nonzero.
  ///
  /// PyTorch: `Tensor.all`.
  public func all(dim: Int, keepDim: Bool = false) -> Tensor {
    allDimOperator.tensor(.tensor(self), .int(dim), .bool(keepDim))
  }

  /// Whether all elements are nonzero.
  ///
  /// PyTorch: `Tensor.all`.
  public func all(dim: [Int]? = nil, keepDim: Bool = false) -> Tensor {
    allDimsOperator.tensor(.tensor(self), .optionalInts(dim), .bool(keepDim))
  }

  /// The largest elements along dimensions; equal elements share the gradient.
  ///
  /// PyTorch: `Tensor.amax`.
  public func amax(dim: any IntegerList = [Int](), keepDim: Bool = false) -> Tensor {
    amaxOperator.tensor(.tensor(self), .list(dim, 1), .bool(keepDim))
  }

  /// The smallest elements along dimensions; equal elements share the gradient.
  ///
  /// PyTorch: `Tensor.amin`.
  public func amin(dim: any IntegerList = [Int](), keepDim: Bool = false) -> Tensor {
    aminOperator.tensor(.tensor(self), .list(dim, 1), .bool(keepDim))
  }

  /// The smallest and the largest element.
  ///
  /// PyTorch: `Tensor.aminmax`.
  public func aminmax(dim: Int? = nil, keepDim: Bool = false) -> (min: Tensor, max: Tensor) {
    let results = aminmaxOperator.tensors(
      count: 2, .tensor(self), .optionalInt(dim), .bool(keepDim))
    return (min: results[0], max: results[1])
  }

  /// Whether any element is nonzero.
  ///
  /// PyTorch: `Tensor.any`.
  public func any() -> Tensor {
    anyOperator.tensor(.tensor(self))
  }

  /// Whether any element is nonzero.
  ///
  /// PyTorch: `Tensor.any`.
  public func any(dim: Int, keepDim: Bool = false) -> Tensor {
    anyDimOperator.tensor(.tensor(self), .int(dim), .bool(keepDim))
  }

  /// Whether any element is nonzero.
  ///
  /// PyTorch: `Tensor.any`.
  public func any(dim: [Int]? = nil, keepDim: Bool = false) -> Tensor {
    anyDimsOperator.tensor(.tensor(self), .optionalInts(dim), .bool(keepDim))
  }

  /// The int64 index of the largest element, of the flattened tensor or along a dimension.
  ///
  /// PyTorch: `Tensor.argmax`.
  public func argmax(dim: Int? = nil, keepDim: Bool = false) -> Tensor {
    argmaxOperator.tensor(.tensor(self), .optionalInt(dim), .bool(keepDim))
  }

  /// The int64 index of the smallest element, of the flattened tensor or along a dimension.
  ///
  /// PyTorch: `Tensor.argmin`.
  public func argmin(dim: Int? = nil, keepDim: Bool = false) -> Tensor {
    argminOperator.tensor(.tensor(self), .optionalInt(dim), .bool(keepDim))
  }

  /// The number of elements that are not 0.
  ///
  /// PyTorch: `Tensor.count_nonzero`.
  public func countNonzero(dim: Int? = nil) -> Tensor {
    countNonzeroOperator.tensor(.tensor(self), .optionalInt(dim))
  }

  /// The number of elements that are not 0.
  ///
  /// PyTorch: `Tensor.count_nonzero`.
  public func countNonzero(dim: [Int]) -> Tensor {
    countNonzeroDimIntListOperator.tensor(.tensor(self), .ints(dim))
  }

  /// The running maximum along a dimension, with its indices.
  ///
  /// PyTorch: `Tensor.cummax`.
  public func cummax(dim: Int) -> (values: Tensor, indices: Tensor) {
    let results = cummaxOperator.tensors(count: 2, .tensor(self), .int(dim))
    return (values: results[0], indices: results[1])
  }

  /// The running minimum along a dimension, with its indices.
  ///
  /// PyTorch: `Tensor.cummin`.
  public func cummin(dim: Int) -> (values: Tensor, indices: Tensor) {
    let results = cumminOperator.tensors(count: 2, .tensor(self), .int(dim))
    return (values: results[0], indices: results[1])
  }

  /// The running product along a dimension.
  ///
  /// PyTorch: `Tensor.cumprod`.
  public func cumprod(dim: Int, dtype: DType? = nil) -> Tensor {
    cumprodOperator.tensor(.tensor(self), .int(dim), .optionalDType(dtype))
  }

  /// The running product along a dimension.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.cumprod_`.
  @discardableResult
  public func cumprod_(dim: Int, dtype: DType? = nil) -> Tensor {
    cumprodInPlace.run(.tensor(self), .int(dim), .optionalDType(dtype))
    return self
  }

  /// The running sum along a dimension.
  ///
  /// PyTorch: `Tensor.cumsum`.
  public func cumsum(dim: Int, dtype: DType? = nil) -> Tensor {
    cumsumOperator.tensor(.tensor(self), .int(dim), .optionalDType(dtype))
  }

  /// The running sum along a dimension.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.cumsum_`.
  @discardableResult
  public func cumsum_(dim: Int, dtype: DType? = nil) -> Tensor {
    cumsumInPlace.run(.tensor(self), .int(dim), .optionalDType(dtype))
    return self
  }

  /// The cumulative integral along a dimension by the trapezoidal rule, with spacing `dx`.
  ///
  /// PyTorch: `torch.cumulative_trapezoid`.
  public func cumulativeTrapezoid(dx: any Scalar = 1, dim: Int = -1) -> Tensor {
    cumulativeTrapezoidDxOperator.tensor(.tensor(self), .scalar(dx), .int(dim))
  }

  /// The cumulative integral along a dimension by the trapezoidal rule, with abscissas `x`.
  ///
  /// PyTorch: `torch.cumulative_trapezoid`.
  public func cumulativeTrapezoid(x: Tensor, dim: Int = -1) -> Tensor {
    cumulativeTrapezoidXOperator.tensor(.tensor(self), .tensor(x), .int(dim))
  }

  /// The `p`-norm of the difference of two tensors.
  ///
  /// PyTorch: `Tensor.dist`.
  public func dist(_ other: Tensor, p: any Scalar = 2) -> Tensor {
    distOperator.tensor(.tensor(self), .tensor(other), .scalar(p))
  }

  /// A hash of the elements' bits, combined by exclusive OR.
  ///
  /// PyTorch: `Tensor.hash_tensor`.
  public func hashTensor(dim: any IntegerList = [Int](), keepDim: Bool = false) -> Tensor {
    hashTensorOperator.tensor(.tensor(self), .list(dim, 1), .bool(keepDim))
  }

  /// The `k`-th smallest element along a dimension, with its index.
  ///
  /// PyTorch: `Tensor.kthvalue`.
  public func kthValue(_ k: Int, dim: Int = -1, keepDim: Bool = false) -> (
    values: Tensor, indices: Tensor
  ) {
    let results = kthvalueOperator.tensors(
      count: 2, .tensor(self), .int(k), .int(dim), .bool(keepDim))
    return (values: results[0], indices: results[1])
  }

  /// The logarithm of the running sum of exponentials along a dimension.
  ///
  /// PyTorch: `Tensor.logcumsumexp`.
  public func logCumSumExp(dim: Int) -> Tensor {
    logcumsumexpOperator.tensor(.tensor(self), .int(dim))
  }

  /// The logarithm of the sum of exponentials along dimensions, without overflow.
  ///
  /// PyTorch: `Tensor.logsumexp`.
  public func logSumExp(dim: any IntegerList, keepDim: Bool = false) -> Tensor {
    logsumexpOperator.tensor(.tensor(self), .list(dim, 1), .bool(keepDim))
  }

  /// The largest element.
  ///
  /// PyTorch: `Tensor.max`.
  public func max() -> Tensor {
    maxOperator.tensor(.tensor(self))
  }

  /// The largest elements along a dimension, with their indices.
  ///
  /// PyTorch: `Tensor.max`.
  public func max(dim: Int, keepDim: Bool = false) -> (values: Tensor, indices: Tensor) {
    let results = maxDimOperator.tensors(count: 2, .tensor(self), .int(dim), .bool(keepDim))
    return (values: results[0], indices: results[1])
  }

  /// The larger element of each pair.
  ///
  /// PyTorch: `Tensor.max`.
  public func max(_ other: Tensor) -> Tensor {
    maxOtherOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The mean, over all elements or along dimensions.
  ///
  /// PyTorch: `Tensor.mean`.
  public func mean(dtype: DType? = nil) -> Tensor {
    meanOperator.tensor(.tensor(self), .optionalDType(dtype))
  }

  /// The mean, over all elements or along dimensions.
  ///
  /// PyTorch: `Tensor.mean`.
  public func mean(dim: (any IntegerList)?, keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
    meanDimOperator.tensor(
      .tensor(self), .optionalList(dim, 1), .bool(keepDim), .optionalDType(dtype))
  }

  /// The median of all elements; the lower one of two.
  ///
  /// PyTorch: `Tensor.median`.
  public func median() -> Tensor {
    medianOperator.tensor(.tensor(self))
  }

  /// The median along a dimension, with its index.
  ///
  /// PyTorch: `Tensor.median`.
  public func median(dim: Int, keepDim: Bool = false) -> (values: Tensor, indices: Tensor) {
    let results = medianDimOperator.tensors(count: 2, .tensor(self), .int(dim), .bool(keepDim))
    return (values: results[0], indices: results[1])
  }

  /// The smallest element.
  ///
  /// PyTorch: `Tensor.min`.
  public func min() -> Tensor {
    minOperator.tensor(.tensor(self))
  }

  /// The smallest elements along a dimension, with their indices.
  ///
  /// PyTorch: `Tensor.min`.
  public func min(dim: Int, keepDim: Bool = false) -> (values: Tensor, indices: Tensor) {
    let results = minDimOperator.tensors(count: 2, .tensor(self), .int(dim), .bool(keepDim))
    return (values: results[0], indices: results[1])
  }

  /// The smaller element of each pair.
  ///
  /// PyTorch: `Tensor.min`.
  public func min(_ other: Tensor) -> Tensor {
    minOtherOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The most frequent element along a dimension, with an index of it.
  ///
  /// PyTorch: `Tensor.mode`.
  public func mode(dim: Int = -1, keepDim: Bool = false) -> (values: Tensor, indices: Tensor) {
    let results = modeOperator.tensors(count: 2, .tensor(self), .int(dim), .bool(keepDim))
    return (values: results[0], indices: results[1])
  }

  /// The mean of the elements that are not NaN.
  ///
  /// PyTorch: `Tensor.nanmean`.
  public func nanMean(dim: (any IntegerList)? = nil, keepDim: Bool = false, dtype: DType? = nil)
    -> Tensor
  {
    nanmeanOperator.tensor(
      .tensor(self), .optionalList(dim, 1), .bool(keepDim), .optionalDType(dtype))
  }

  /// The median of the elements that are not NaN.
  ///
  /// PyTorch: `Tensor.nanmedian`.
  public func nanMedian() -> Tensor {
    nanmedianOperator.tensor(.tensor(self))
  }

  /// The median along a dimension of the elements that are not NaN, with its index.
  ///
  /// PyTorch: `Tensor.nanmedian`.
  public func nanMedian(dim: Int, keepDim: Bool = false) -> (values: Tensor, indices: Tensor) {
    let results = nanmedianDimOperator.tensors(count: 2, .tensor(self), .int(dim), .bool(keepDim))
    return (values: results[0], indices: results[1])
  }

  /// The quantiles `q` of the elements that are not NaN.
  ///
  /// PyTorch: `Tensor.nanquantile`.
  public func nanQuantile(
    _ q: Tensor, dim: Int? = nil, keepDim: Bool = false,
    interpolation: QuantileInterpolation = .linear
  ) -> Tensor {
    nanquantileOperator.tensor(
      .tensor(self), .tensor(q), .optionalInt(dim), .bool(keepDim), .string(interpolation.rawValue))
  }

  /// The quantiles `q` of the elements that are not NaN.
  ///
  /// PyTorch: `Tensor.nanquantile`.
  public func nanQuantile(
    _ q: Double, dim: Int? = nil, keepDim: Bool = false,
    interpolation: QuantileInterpolation = .linear
  ) -> Tensor {
    nanquantileScalarOperator.tensor(
      .tensor(self), .double(q), .optionalInt(dim), .bool(keepDim), .string(interpolation.rawValue))
  }

  /// The sum of the singular values.
  ///
  /// PyTorch: `torch.nuclear_norm`.
  public func nuclearNorm(keepDim: Bool = false) -> Tensor {
    nuclearNormOperator.tensor(.tensor(self), .bool(keepDim))
  }

  /// The sum of the singular values.
  ///
  /// PyTorch: `torch.nuclear_norm`.
  public func nuclearNorm(dim: any IntegerList, keepDim: Bool = false) -> Tensor {
    nuclearNormDimOperator.tensor(.tensor(self), .list(dim, 2), .bool(keepDim))
  }

  /// The sum of the elements that are not NaN.
  ///
  /// PyTorch: `Tensor.nansum`.
  public func nanSum(dim: (any IntegerList)? = nil, keepDim: Bool = false, dtype: DType? = nil)
    -> Tensor
  {
    nansumOperator.tensor(
      .tensor(self), .optionalList(dim, 1), .bool(keepDim), .optionalDType(dtype))
  }

  /// The `p`-norm, of all elements or along dimensions.
  ///
  /// PyTorch: `Tensor.norm`.
  public func norm(p: any Scalar = 2) -> Tensor {
    normScalarOperator.tensor(.tensor(self), .scalar(p))
  }

  /// The `p`-norm, of all elements or along dimensions.
  ///
  /// PyTorch: `Tensor.norm`.
  public func norm(p: (any Scalar)?, dim: any IntegerList, keepDim: Bool = false) -> Tensor {
    normScalarOptDimOperator.tensor(
      .tensor(self), .optionalScalar(p), .list(dim, 1), .bool(keepDim))
  }

  /// The `pow`-norm of each slice along a dimension.
  ///
  /// PyTorch: `torch.norm_except_dim`.
  public func normExceptDim(pow: Int = 2, dim: Int = 0) -> Tensor {
    normExceptDimOperator.tensor(.tensor(self), .int(pow), .int(dim))
  }

  /// The product, over all elements or along a dimension.
  ///
  /// PyTorch: `Tensor.prod`.
  public func prod(dtype: DType? = nil) -> Tensor {
    prodOperator.tensor(.tensor(self), .optionalDType(dtype))
  }

  /// The product, over all elements or along a dimension.
  ///
  /// PyTorch: `Tensor.prod`.
  public func prod(dim: Int, keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
    prodDimIntOperator.tensor(.tensor(self), .int(dim), .bool(keepDim), .optionalDType(dtype))
  }

  /// The quantiles `q` of the elements.
  ///
  /// PyTorch: `Tensor.quantile`.
  public func quantile(
    _ q: Tensor, dim: Int? = nil, keepDim: Bool = false,
    interpolation: QuantileInterpolation = .linear
  ) -> Tensor {
    quantileOperator.tensor(
      .tensor(self), .tensor(q), .optionalInt(dim), .bool(keepDim), .string(interpolation.rawValue))
  }

  /// The quantiles `q` of the elements.
  ///
  /// PyTorch: `Tensor.quantile`.
  public func quantile(
    _ q: Double, dim: Int? = nil, keepDim: Bool = false,
    interpolation: QuantileInterpolation = .linear
  ) -> Tensor {
    quantileScalarOperator.tensor(
      .tensor(self), .double(q), .optionalInt(dim), .bool(keepDim), .string(interpolation.rawValue))
  }

  /// The standard deviation with Bessel's correction, over all elements or along dimensions.
  ///
  /// PyTorch: `Tensor.std`.
  public func std(
    dim: (any IntegerList)? = nil, correction: (any Scalar)? = nil, keepDim: Bool = false
  ) -> Tensor {
    stdCorrectionOperator.tensor(
      .tensor(self), .optionalList(dim, 1), .optionalScalar(correction), .bool(keepDim))
  }

  /// Standard deviation and mean, over all elements or along dimensions.
  ///
  /// PyTorch: `torch.std_mean`.
  public func stdMean(
    dim: (any IntegerList)? = nil, correction: (any Scalar)? = nil, keepDim: Bool = false
  ) -> (std: Tensor, mean: Tensor) {
    let results = stdMeanCorrectionOperator.tensors(
      count: 2, .tensor(self), .optionalList(dim, 1), .optionalScalar(correction), .bool(keepDim))
    return (std: results[0], mean: results[1])
  }

  /// The sum, over all elements or along dimensions.
  ///
  /// PyTorch: `Tensor.sum`.
  public func sum(dtype: DType? = nil) -> Tensor {
    sumOperator.tensor(.tensor(self), .optionalDType(dtype))
  }

  /// The sum, over all elements or along dimensions.
  ///
  /// PyTorch: `Tensor.sum`.
  public func sum(dim: (any IntegerList)?, keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
    sumDimIntListOperator.tensor(
      .tensor(self), .optionalList(dim, 1), .bool(keepDim), .optionalDType(dtype))
  }

  /// The sum over dimensions such that the result has shape `size`.
  ///
  /// PyTorch: `Tensor.sum_to_size`.
  public func sumToSize(_ size: [Int]) -> Tensor {
    sumToSizeOperator.tensor(.tensor(self), .ints(size))
  }

  /// The integral along a dimension by the trapezoidal rule, with spacing `dx`.
  ///
  /// PyTorch: `torch.trapezoid`.
  public func trapezoid(dx: any Scalar = 1, dim: Int = -1) -> Tensor {
    trapezoidDxOperator.tensor(.tensor(self), .scalar(dx), .int(dim))
  }

  /// The integral along a dimension by the trapezoidal rule, with abscissas `x`.
  ///
  /// PyTorch: `torch.trapezoid`.
  public func trapezoid(x: Tensor, dim: Int = -1) -> Tensor {
    trapezoidXOperator.tensor(.tensor(self), .tensor(x), .int(dim))
  }

  /// The variance with Bessel's correction, over all elements or along dimensions.
  ///
  /// PyTorch: `Tensor.var`.
  public func `var`(
    dim: (any IntegerList)? = nil, correction: (any Scalar)? = nil, keepDim: Bool = false
  ) -> Tensor {
    varCorrectionOperator.tensor(
      .tensor(self), .optionalList(dim, 1), .optionalScalar(correction), .bool(keepDim))
  }

  /// Variance and mean, over all elements or along dimensions.
  ///
  /// PyTorch: `torch.var_mean`.
  public func varMean(
    dim: (any IntegerList)? = nil, correction: (any Scalar)? = nil, keepDim: Bool = false
  ) -> (var: Tensor, mean: Tensor) {
    let results = varMeanCorrectionOperator.tensors(
      count: 2, .tensor(self), .optionalList(dim, 1), .optionalScalar(correction), .bool(keepDim))
    return (var: results[0], mean: results[1])
  }
}

private let allOperator = Operator("aten::all")
private let allDimOperator = Operator("aten::all", "dim")
private let allDimsOperator = Operator("aten::all", "dims")
private let amaxOperator = Operator("aten::amax")
private let aminOperator = Operator("aten::amin")
private let aminmaxOperator = Operator("aten::aminmax")
private let anyOperator = Operator("aten::any")
private let anyDimOperator = Operator("aten::any", "dim")
private let anyDimsOperator = Operator("aten::any", "dims")
private let argmaxOperator = Operator("aten::argmax")
private let argminOperator = Operator("aten::argmin")
private let countNonzeroOperator = Operator("aten::count_nonzero")
private let countNonzeroDimIntListOperator = Operator("aten::count_nonzero", "dim_IntList")
private let cummaxOperator = Operator("aten::cummax")
private let cumminOperator = Operator("aten::cummin")
private let cumprodOperator = Operator("aten::cumprod")
private let cumprodInPlace = Operator("aten::cumprod_")
private let cumsumOperator = Operator("aten::cumsum")
private let cumsumInPlace = Operator("aten::cumsum_")
private let cumulativeTrapezoidDxOperator = Operator("aten::cumulative_trapezoid", "dx")
private let cumulativeTrapezoidXOperator = Operator("aten::cumulative_trapezoid", "x")
private let distOperator = Operator("aten::dist")
private let hashTensorOperator = Operator("aten::hash_tensor")
private let kthvalueOperator = Operator("aten::kthvalue")
private let logcumsumexpOperator = Operator("aten::logcumsumexp")
private let logsumexpOperator = Operator("aten::logsumexp")
private let maxOperator = Operator("aten::max")
private let maxDimOperator = Operator("aten::max", "dim")
private let maxOtherOperator = Operator("aten::max", "other")
private let meanOperator = Operator("aten::mean")
private let meanDimOperator = Operator("aten::mean", "dim")
private let medianOperator = Operator("aten::median")
private let medianDimOperator = Operator("aten::median", "dim")
private let minOperator = Operator("aten::min")
private let minDimOperator = Operator("aten::min", "dim")
private let minOtherOperator = Operator("aten::min", "other")
private let modeOperator = Operator("aten::mode")
private let nanmeanOperator = Operator("aten::nanmean")
private let nanmedianOperator = Operator("aten::nanmedian")
private let nanmedianDimOperator = Operator("aten::nanmedian", "dim")
private let nanquantileOperator = Operator("aten::nanquantile")
private let nanquantileScalarOperator = Operator("aten::nanquantile", "scalar")
private let nuclearNormOperator = Operator("aten::nuclear_norm")
private let nuclearNormDimOperator = Operator("aten::nuclear_norm", "dim")
private let nansumOperator = Operator("aten::nansum")
private let normScalarOperator = Operator("aten::norm", "Scalar")
private let normScalarOptDimOperator = Operator("aten::norm", "ScalarOpt_dim")
private let normExceptDimOperator = Operator("aten::norm_except_dim")
private let prodOperator = Operator("aten::prod")
private let prodDimIntOperator = Operator("aten::prod", "dim_int")
private let quantileOperator = Operator("aten::quantile")
private let quantileScalarOperator = Operator("aten::quantile", "scalar")
private let stdCorrectionOperator = Operator("aten::std", "correction")
private let stdMeanCorrectionOperator = Operator("aten::std_mean", "correction")
private let sumOperator = Operator("aten::sum")
private let sumDimIntListOperator = Operator("aten::sum", "dim_IntList")
private let sumToSizeOperator = Operator("aten::sum_to_size")
private let trapezoidDxOperator = Operator("aten::trapezoid", "dx")
private let trapezoidXOperator = Operator("aten::trapezoid", "x")
private let varCorrectionOperator = Operator("aten::var", "correction")
private let varMeanCorrectionOperator = Operator("aten::var_mean", "correction")
