// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

// Sorting, searching and counting.

extension Tensor {
  /// The indices that sort the elements along a dimension.
  ///
  /// PyTorch: `Tensor.argsort`.
  public func argsort(dim: Int = -1, descending: Bool = false) -> Tensor {
    argsortOperator.tensor(.tensor(self), .int(dim), .bool(descending))
  }

  /// The indices that sort the elements along a dimension.
  ///
  /// PyTorch: `Tensor.argsort`.
  public func argsort(stable: Bool, dim: Int = -1, descending: Bool = false) -> Tensor {
    argsortStableOperator.tensor(.tensor(self), .bool(stable), .int(dim), .bool(descending))
  }

  /// How often every nonnegative integer occurs; or the sums of its `weights`.
  ///
  /// PyTorch: `Tensor.bincount`.
  public func bincount(weights: Tensor? = nil, minlength: Int = 0) -> Tensor {
    bincountOperator.tensor(.tensor(self), .optionalTensor(weights), .int(minlength))
  }

  /// The `n`-th differences along a dimension.
  ///
  /// PyTorch: `Tensor.diff`.
  public func diff(n: Int = 1, dim: Int = -1, prepend: Tensor? = nil, append: Tensor? = nil)
    -> Tensor
  {
    diffOperator.tensor(
      .tensor(self), .int(n), .int(dim), .optionalTensor(prepend), .optionalTensor(append))
  }

  /// The counts of equal bins between `min` and `max`.
  ///
  /// PyTorch: `Tensor.histc`.
  public func histc(bins: Int = 100, min: any Scalar = 0, max: any Scalar = 0) -> Tensor {
    histcOperator.tensor(.tensor(self), .int(bins), .scalar(min), .scalar(max))
  }

  /// Counts, weights or densities of bins, and the edges of the bins.
  ///
  /// PyTorch: `Tensor.histogram`.
  public func histogram(
    bins: Int = 100, range: [Double]? = nil, weight: Tensor? = nil, density: Bool = false
  ) -> (hist: Tensor, binEdges: Tensor) {
    let results = histogramBinCtOperator.tensors(
      count: 2, .tensor(self), .int(bins), .optionalDoubles(range), .optionalTensor(weight),
      .bool(density))
    return (hist: results[0], binEdges: results[1])
  }

  /// Counts, weights or densities of bins, and the edges of the bins.
  ///
  /// PyTorch: `Tensor.histogram`.
  public func histogram(_ bins: Tensor, weight: Tensor? = nil, density: Bool = false) -> (
    hist: Tensor, binEdges: Tensor
  ) {
    let results = histogramBinsTensorOperator.tensors(
      count: 2, .tensor(self), .tensor(bins), .optionalTensor(weight), .bool(density))
    return (hist: results[0], binEdges: results[1])
  }

  /// The elements sorted along the first dimension.
  ///
  /// PyTorch: `Tensor.msort`.
  public func msort() -> Tensor {
    msortOperator.tensor(.tensor(self))
  }

  /// The elements sorted along a dimension, with their indices.
  ///
  /// PyTorch: `Tensor.sort`.
  public func sort(dim: Int = -1, descending: Bool = false) -> (values: Tensor, indices: Tensor) {
    let results = sortOperator.tensors(count: 2, .tensor(self), .int(dim), .bool(descending))
    return (values: results[0], indices: results[1])
  }

  /// The elements sorted along a dimension, with their indices.
  ///
  /// PyTorch: `Tensor.sort`.
  public func sort(stable: Bool?, dim: Int = -1, descending: Bool = false) -> (
    values: Tensor, indices: Tensor
  ) {
    let results = sortStableOperator.tensors(
      count: 2, .tensor(self), .optionalBool(stable), .int(dim), .bool(descending))
    return (values: results[0], indices: results[1])
  }

  /// The `k` largest or smallest elements along a dimension, with their indices.
  ///
  /// PyTorch: `Tensor.topk`.
  public func topk(_ k: Int, dim: Int = -1, largest: Bool = true, sorted: Bool = true) -> (
    values: Tensor, indices: Tensor
  ) {
    let results = topkOperator.tensors(
      count: 2, .tensor(self), .int(k), .int(dim), .bool(largest), .bool(sorted))
    return (values: results[0], indices: results[1])
  }

  /// The elements without consecutive repetitions, the index of each element's value, and the
  /// counts.
  ///
  /// PyTorch: `Tensor.unique_consecutive`.
  public func uniqueConsecutive(
    returnInverse: Bool = false, returnCounts: Bool = false, dim: Int? = nil
  ) -> (output: Tensor, inverse: Tensor, counts: Tensor) {
    let results = uniqueConsecutiveOperator.tensors(
      count: 3, .tensor(self), .bool(returnInverse), .bool(returnCounts), .optionalInt(dim))
    return (output: results[0], inverse: results[1], counts: results[2])
  }
}

private let argsortOperator = Operator("aten::argsort")
private let argsortStableOperator = Operator("aten::argsort", "stable")
private let bincountOperator = Operator("aten::bincount")
private let diffOperator = Operator("aten::diff")
private let histcOperator = Operator("aten::histc")
private let histogramBinCtOperator = Operator("aten::histogram", "bin_ct")
private let histogramBinsTensorOperator = Operator("aten::histogram", "bins_tensor")
private let msortOperator = Operator("aten::msort")
private let sortOperator = Operator("aten::sort")
private let sortStableOperator = Operator("aten::sort", "stable")
private let topkOperator = Operator("aten::topk")
private let uniqueConsecutiveOperator = Operator("aten::unique_consecutive")
