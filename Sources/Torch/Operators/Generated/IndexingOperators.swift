// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

// Gathering and scattering by index.

extension Tensor {
  /// The elements at `index` along a dimension.
  ///
  /// PyTorch: `Tensor.gather`.
  public func gather(dim: Int, index: Tensor) -> Tensor {
    gatherOperator.tensor(.tensor(self), .int(dim), .tensor(index))
  }

  /// The elements at index tensors, one for each leading dimension; `nil` takes all of a
  /// dimension.
  ///
  /// PyTorch: `Tensor.index`.
  public func index(_ indices: [Tensor?]) -> Tensor {
    indexTensorOperator.tensor(.tensor(self), .optionalTensors(indices))
  }

  /// A copy of the tensor with `alpha * source` added at `index` along a dimension.
  ///
  /// PyTorch: `Tensor.index_add`.
  public func indexAdd(dim: Int, index: Tensor, source: Tensor, alpha: any Scalar = 1) -> Tensor {
    indexAddOperator.tensor(
      .tensor(self), .int(dim), .tensor(index), .tensor(source), .scalar(alpha))
  }

  /// A copy of the tensor with `alpha * source` added at `index` along a dimension.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.index_add_`.
  @discardableResult
  public func indexAdd_(dim: Int, index: Tensor, source: Tensor, alpha: any Scalar = 1) -> Tensor {
    indexAddInPlace.run(.tensor(self), .int(dim), .tensor(index), .tensor(source), .scalar(alpha))
    return self
  }

  /// A copy of the tensor with `source` at `index` along a dimension.
  ///
  /// PyTorch: `Tensor.index_copy`.
  public func indexCopy(dim: Int, index: Tensor, source: Tensor) -> Tensor {
    indexCopyOperator.tensor(.tensor(self), .int(dim), .tensor(index), .tensor(source))
  }

  /// A copy of the tensor with `source` at `index` along a dimension.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.index_copy_`.
  @discardableResult
  public func indexCopy_(dim: Int, index: Tensor, source: Tensor) -> Tensor {
    indexCopyInPlace.run(.tensor(self), .int(dim), .tensor(index), .tensor(source))
    return self
  }

  /// A copy of the tensor with `value` at `index` along a dimension.
  ///
  /// PyTorch: `Tensor.index_fill`.
  public func indexFill(dim: Int, index: Tensor, value: any Scalar) -> Tensor {
    indexFillIntScalarOperator.tensor(.tensor(self), .int(dim), .tensor(index), .scalar(value))
  }

  /// A copy of the tensor with `value` at `index` along a dimension.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.index_fill_`.
  @discardableResult
  public func indexFill_(dim: Int, index: Tensor, value: any Scalar) -> Tensor {
    indexFillIntScalarInPlace.run(.tensor(self), .int(dim), .tensor(index), .scalar(value))
    return self
  }

  /// A copy of the tensor with `value` at `index` along a dimension.
  ///
  /// PyTorch: `Tensor.index_fill`.
  public func indexFill(dim: Int, index: Tensor, value: Tensor) -> Tensor {
    indexFillIntTensorOperator.tensor(.tensor(self), .int(dim), .tensor(index), .tensor(value))
  }

  /// A copy of the tensor with `value` at `index` along a dimension.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.index_fill_`.
  @discardableResult
  public func indexFill_(dim: Int, index: Tensor, value: Tensor) -> Tensor {
    indexFillIntTensorInPlace.run(.tensor(self), .int(dim), .tensor(index), .tensor(value))
    return self
  }

  /// A copy of the tensor with `values` at index tensors; `accumulate` adds them.
  ///
  /// PyTorch: `Tensor.index_put`.
  public func indexPut(_ indices: [Tensor?], _ values: Tensor, accumulate: Bool = false) -> Tensor {
    indexPutOperator.tensor(
      .tensor(self), .optionalTensors(indices), .tensor(values), .bool(accumulate))
  }

  /// A copy of the tensor with `values` at index tensors; `accumulate` adds them.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.index_put_`.
  @discardableResult
  public func indexPut_(_ indices: [Tensor?], _ values: Tensor, accumulate: Bool = false) -> Tensor
  {
    indexPutInPlace.run(
      .tensor(self), .optionalTensors(indices), .tensor(values), .bool(accumulate))
    return self
  }

  /// A copy of the tensor with `source` combined at `index` along a dimension.
  ///
  /// PyTorch: `Tensor.index_reduce`.
  public func indexReduce(
    dim: Int, index: Tensor, source: Tensor, reduce: IndexReduction, includeSelf: Bool = true
  ) -> Tensor {
    indexReduceOperator.tensor(
      .tensor(self), .int(dim), .tensor(index), .tensor(source), .string(reduce.rawValue),
      .bool(includeSelf))
  }

  /// A copy of the tensor with `source` combined at `index` along a dimension.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.index_reduce_`.
  @discardableResult
  public func indexReduce_(
    dim: Int, index: Tensor, source: Tensor, reduce: String, includeSelf: Bool = true
  ) -> Tensor {
    indexReduceInPlace.run(
      .tensor(self), .int(dim), .tensor(index), .tensor(source), .string(reduce), .bool(includeSelf)
    )
    return self
  }

  /// The slices at `index` along a dimension.
  ///
  /// PyTorch: `Tensor.index_select`.
  public func indexSelect(dim: Int, index: Tensor) -> Tensor {
    indexSelectOperator.tensor(.tensor(self), .int(dim), .tensor(index))
  }

  /// A copy of the tensor with `value` where `mask` is true.
  ///
  /// PyTorch: `Tensor.masked_fill`.
  public func maskedFill(_ mask: Tensor, _ value: any Scalar) -> Tensor {
    maskedFillScalarOperator.tensor(.tensor(self), .tensor(mask), .scalar(value))
  }

  /// A copy of the tensor with `value` where `mask` is true.
  ///
  /// PyTorch: `Tensor.masked_fill`.
  public func maskedFill(_ mask: Tensor, _ value: Tensor) -> Tensor {
    maskedFillTensorOperator.tensor(.tensor(self), .tensor(mask), .tensor(value))
  }

  /// A copy of the tensor with `value` where `mask` is true.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.masked_fill_`.
  @discardableResult
  public func maskedFill_(_ mask: Tensor, _ value: any Scalar) -> Tensor {
    maskedFillScalarInPlace.run(.tensor(self), .tensor(mask), .scalar(value))
    return self
  }

  /// A copy of the tensor with `value` where `mask` is true.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.masked_fill_`.
  @discardableResult
  public func maskedFill_(_ mask: Tensor, _ value: Tensor) -> Tensor {
    maskedFillTensorInPlace.run(.tensor(self), .tensor(mask), .tensor(value))
    return self
  }

  /// A copy of the tensor with the elements of `source`, in order, where `mask` is true.
  ///
  /// PyTorch: `Tensor.masked_scatter`.
  public func maskedScatter(_ mask: Tensor, _ source: Tensor) -> Tensor {
    maskedScatterOperator.tensor(.tensor(self), .tensor(mask), .tensor(source))
  }

  /// A copy of the tensor with the elements of `source`, in order, where `mask` is true.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.masked_scatter_`.
  @discardableResult
  public func maskedScatter_(_ mask: Tensor, _ source: Tensor) -> Tensor {
    maskedScatterInPlace.run(.tensor(self), .tensor(mask), .tensor(source))
    return self
  }

  /// A tensor of the same shape whose elements are all `value`.
  ///
  /// PyTorch: `torch.fill`.
  public func fill(_ value: any Scalar) -> Tensor {
    fillScalarOperator.tensor(.tensor(self), .scalar(value))
  }

  /// A tensor of the same shape whose elements are all `value`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.fill_`.
  @discardableResult
  public func fill_(_ value: any Scalar) -> Tensor {
    fillScalarInPlace.run(.tensor(self), .scalar(value))
    return self
  }

  /// A tensor of the same shape whose elements are all `value`.
  ///
  /// PyTorch: `torch.fill`.
  public func fill(_ value: Tensor) -> Tensor {
    fillTensorOperator.tensor(.tensor(self), .tensor(value))
  }

  /// A tensor of the same shape whose elements are all `value`.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.fill_`.
  @discardableResult
  public func fill_(_ value: Tensor) -> Tensor {
    fillTensorInPlace.run(.tensor(self), .tensor(value))
    return self
  }

  /// The elements where `mask` is true, as a vector.
  ///
  /// PyTorch: `Tensor.masked_select`.
  public func maskedSelect(_ mask: Tensor) -> Tensor {
    maskedSelectOperator.tensor(.tensor(self), .tensor(mask))
  }

  /// The indices of the nonzero elements, one row each.
  ///
  /// PyTorch: `Tensor.nonzero`.
  public func nonzero() -> Tensor {
    nonzeroOperator.tensor(.tensor(self))
  }

  /// The indices of the first `size` nonzero elements, filled up with `fillValue`.
  ///
  /// PyTorch: `Tensor.nonzero_static`.
  public func nonzeroStatic(size: Int, fillValue: Int = -1) -> Tensor {
    nonzeroStaticOperator.tensor(.tensor(self), .int(size), .int(fillValue))
  }

  /// A copy of the tensor with `source` at indices of the flattened tensor.
  ///
  /// PyTorch: `Tensor.put`.
  public func put(_ index: Tensor, _ source: Tensor, accumulate: Bool = false) -> Tensor {
    putOperator.tensor(.tensor(self), .tensor(index), .tensor(source), .bool(accumulate))
  }

  /// A copy of the tensor with `source` at indices of the flattened tensor.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.put_`.
  @discardableResult
  public func put_(_ index: Tensor, _ source: Tensor, accumulate: Bool = false) -> Tensor {
    putInPlace.run(.tensor(self), .tensor(index), .tensor(source), .bool(accumulate))
    return self
  }

  /// A copy of the tensor with `src` or `value` at `index` along a dimension.
  ///
  /// PyTorch: `Tensor.scatter`.
  public func scatter(dim: Int, index: Tensor, src: Tensor) -> Tensor {
    scatterSrcOperator.tensor(.tensor(self), .int(dim), .tensor(index), .tensor(src))
  }

  /// A copy of the tensor with `src` or `value` at `index` along a dimension.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.scatter_`.
  @discardableResult
  public func scatter_(dim: Int, index: Tensor, src: Tensor) -> Tensor {
    scatterSrcInPlace.run(.tensor(self), .int(dim), .tensor(index), .tensor(src))
    return self
  }

  /// A copy of the tensor with `src` or `value` at `index` along a dimension.
  ///
  /// PyTorch: `Tensor.scatter`.
  public func scatter(dim: Int, index: Tensor, value: any Scalar) -> Tensor {
    scatterValueOperator.tensor(.tensor(self), .int(dim), .tensor(index), .scalar(value))
  }

  /// A copy of the tensor with `src` or `value` at `index` along a dimension.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.scatter_`.
  @discardableResult
  public func scatter_(dim: Int, index: Tensor, value: any Scalar) -> Tensor {
    scatterValueInPlace.run(.tensor(self), .int(dim), .tensor(index), .scalar(value))
    return self
  }

  /// A copy of the tensor with `src` added at `index` along a dimension.
  ///
  /// PyTorch: `Tensor.scatter_add`.
  public func scatterAdd(dim: Int, index: Tensor, src: Tensor) -> Tensor {
    scatterAddOperator.tensor(.tensor(self), .int(dim), .tensor(index), .tensor(src))
  }

  /// A copy of the tensor with `src` added at `index` along a dimension.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.scatter_add_`.
  @discardableResult
  public func scatterAdd_(dim: Int, index: Tensor, src: Tensor) -> Tensor {
    scatterAddInPlace.run(.tensor(self), .int(dim), .tensor(index), .tensor(src))
    return self
  }

  /// A copy of the tensor with `src` combined at `index` along a dimension.
  ///
  /// PyTorch: `Tensor.scatter_reduce`.
  public func scatterReduce(
    dim: Int, index: Tensor, src: Tensor, reduce: ScatterReduction, includeSelf: Bool = true
  ) -> Tensor {
    scatterReduceTwoOperator.tensor(
      .tensor(self), .int(dim), .tensor(index), .tensor(src), .string(reduce.rawValue),
      .bool(includeSelf))
  }

  /// A copy of the tensor with `src` combined at `index` along a dimension.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.scatter_reduce_`.
  @discardableResult
  public func scatterReduce_(
    dim: Int, index: Tensor, src: Tensor, reduce: String, includeSelf: Bool = true
  ) -> Tensor {
    scatterReduceTwoInPlace.run(
      .tensor(self), .int(dim), .tensor(index), .tensor(src), .string(reduce), .bool(includeSelf))
    return self
  }

  /// The reduction of consecutive segments of the data.
  ///
  /// PyTorch: `torch.segment_reduce`.
  public func segmentReduce(
    _ reduce: SegmentReduction, lengths: Tensor? = nil, offsets: Tensor? = nil, axis: Int = 0,
    initial: (any Scalar)? = nil
  ) -> Tensor {
    segmentReduceOperator.tensor(
      .tensor(self), .string(reduce.rawValue), .optionalTensor(lengths), .default,
      .optionalTensor(offsets), .int(axis), .default, .optionalScalar(initial))
  }

  /// The elements at indices of the flattened tensor.
  ///
  /// PyTorch: `Tensor.take`.
  public func take(_ index: Tensor) -> Tensor {
    takeOperator.tensor(.tensor(self), .tensor(index))
  }

  /// The indices of the nonzero elements, one tensor for each dimension.
  ///
  /// PyTorch: `Tensor.where`.
  public func nonzeroIndices() -> [Tensor] {
    whereOperator.tensors(count: 0, .tensor(self))
  }

  /// The first value where the condition is true, otherwise the second one.
  ///
  /// PyTorch: `Tensor.where`.
  public static func `where`(_ condition: Tensor, _ input: Tensor, _ other: Tensor) -> Tensor {
    whereSelfOperator.tensor(.tensor(condition), .tensor(input), .tensor(other))
  }

  /// The first value where the condition is true, otherwise the second one.
  ///
  /// PyTorch: `Tensor.where`.
  public static func `where`(_ condition: Tensor, _ input: Tensor, _ other: any Scalar) -> Tensor {
    whereScalarOtherOperator.tensor(.tensor(condition), .tensor(input), .scalar(other))
  }

  /// The first value where the condition is true, otherwise the second one.
  ///
  /// PyTorch: `Tensor.where`.
  public static func `where`(_ condition: Tensor, _ input: any Scalar, _ other: Tensor) -> Tensor {
    whereScalarSelfOperator.tensor(.tensor(condition), .scalar(input), .tensor(other))
  }

  /// The first value where the condition is true, otherwise the second one.
  ///
  /// PyTorch: `Tensor.where`.
  public static func `where`(_ condition: Tensor, _ input: any Scalar, _ other: any Scalar)
    -> Tensor
  {
    whereScalarOperator.tensor(.tensor(condition), .scalar(input), .scalar(other))
  }
}

private let gatherOperator = Operator("aten::gather")
private let indexTensorOperator = Operator("aten::index", "Tensor")
private let indexAddOperator = Operator("aten::index_add")
private let indexAddInPlace = Operator("aten::index_add_")
private let indexCopyOperator = Operator("aten::index_copy")
private let indexCopyInPlace = Operator("aten::index_copy_")
private let indexFillIntScalarOperator = Operator("aten::index_fill", "int_Scalar")
private let indexFillIntScalarInPlace = Operator("aten::index_fill_", "int_Scalar")
private let indexFillIntTensorOperator = Operator("aten::index_fill", "int_Tensor")
private let indexFillIntTensorInPlace = Operator("aten::index_fill_", "int_Tensor")
private let indexPutOperator = Operator("aten::index_put")
private let indexPutInPlace = Operator("aten::index_put_")
private let indexReduceOperator = Operator("aten::index_reduce")
private let indexReduceInPlace = Operator("aten::index_reduce_")
private let indexSelectOperator = Operator("aten::index_select")
private let maskedFillScalarOperator = Operator("aten::masked_fill", "Scalar")
private let maskedFillTensorOperator = Operator("aten::masked_fill", "Tensor")
private let maskedFillScalarInPlace = Operator("aten::masked_fill_", "Scalar")
private let maskedFillTensorInPlace = Operator("aten::masked_fill_", "Tensor")
private let maskedScatterOperator = Operator("aten::masked_scatter")
private let maskedScatterInPlace = Operator("aten::masked_scatter_")
private let fillScalarOperator = Operator("aten::fill", "Scalar")
private let fillScalarInPlace = Operator("aten::fill_", "Scalar")
private let fillTensorOperator = Operator("aten::fill", "Tensor")
private let fillTensorInPlace = Operator("aten::fill_", "Tensor")
private let maskedSelectOperator = Operator("aten::masked_select")
private let nonzeroOperator = Operator("aten::nonzero")
private let nonzeroStaticOperator = Operator("aten::nonzero_static")
private let putOperator = Operator("aten::put")
private let putInPlace = Operator("aten::put_")
private let scatterSrcOperator = Operator("aten::scatter", "src")
private let scatterSrcInPlace = Operator("aten::scatter_", "src")
private let scatterValueOperator = Operator("aten::scatter", "value")
private let scatterValueInPlace = Operator("aten::scatter_", "value")
private let scatterAddOperator = Operator("aten::scatter_add")
private let scatterAddInPlace = Operator("aten::scatter_add_")
private let scatterReduceTwoOperator = Operator("aten::scatter_reduce", "two")
private let scatterReduceTwoInPlace = Operator("aten::scatter_reduce_", "two")
private let segmentReduceOperator = Operator("aten::segment_reduce")
private let takeOperator = Operator("aten::take")
private let whereOperator = Operator("aten::where")
private let whereSelfOperator = Operator("aten::where", "self")
private let whereScalarOtherOperator = Operator("aten::where", "ScalarOther")
private let whereScalarSelfOperator = Operator("aten::where", "ScalarSelf")
private let whereScalarOperator = Operator("aten::where", "Scalar")
