// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

// Views, shapes and joining.

extension Tensor {
  /// The conjugate transpose of the last two dimensions.
  ///
  /// PyTorch: `Tensor.adjoint`.
  public func adjoint() -> Tensor {
    adjointOperator.tensor(.tensor(self))
  }

  /// The indices of the nonzero elements, one row each.
  ///
  /// PyTorch: `Tensor.argwhere`.
  public func argwhere() -> Tensor {
    argwhereOperator.tensor(.tensor(self))
  }

  /// A view of the storage with a shape, strides and an offset, in elements.
  ///
  /// PyTorch: `Tensor.as_strided`.
  public func asStrided(_ size: [Int], _ stride: [Int], storageOffset: Int? = nil) -> Tensor {
    asStridedOperator.tensor(.tensor(self), .ints(size), .ints(stride), .optionalInt(storageOffset))
  }

  /// A view of the storage with a shape, strides and an offset, in elements.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.as_strided_`.
  @discardableResult
  public func asStrided_(_ size: [Int], _ stride: [Int], storageOffset: Int? = nil) -> Tensor {
    asStridedInPlace.run(.tensor(self), .ints(size), .ints(stride), .optionalInt(storageOffset))
    return self
  }

  /// A copy of the tensor with `src` written to a strided view.
  ///
  /// PyTorch: `Tensor.as_strided_scatter`.
  public func asStridedScatter(
    _ src: Tensor, _ size: [Int], _ stride: [Int], storageOffset: Int? = nil
  ) -> Tensor {
    asStridedScatterOperator.tensor(
      .tensor(self), .tensor(src), .ints(size), .ints(stride), .optionalInt(storageOffset))
  }

  /// The tensor with at least one dimension.
  ///
  /// PyTorch: `torch.atleast_1d`.
  public func atLeast1d() -> Tensor {
    atleast1dOperator.tensor(.tensor(self))
  }

  /// The tensor with at least two dimensions.
  ///
  /// PyTorch: `torch.atleast_2d`.
  public func atLeast2d() -> Tensor {
    atleast2dOperator.tensor(.tensor(self))
  }

  /// The tensor with at least three dimensions.
  ///
  /// PyTorch: `torch.atleast_3d`.
  public func atLeast3d() -> Tensor {
    atleast3dOperator.tensor(.tensor(self))
  }

  /// The tensors with at least one dimension each.
  ///
  /// PyTorch: `torch.atleast_1d`.
  public static func atLeast1d(_ tensors: [Tensor]) -> [Tensor] {
    atleast1dSequenceOperator.tensors(count: 0, .tensors(tensors))
  }

  /// The tensors with at least two dimensions each.
  ///
  /// PyTorch: `torch.atleast_2d`.
  public static func atLeast2d(_ tensors: [Tensor]) -> [Tensor] {
    atleast2dSequenceOperator.tensors(count: 0, .tensors(tensors))
  }

  /// The tensors with at least three dimensions each.
  ///
  /// PyTorch: `torch.atleast_3d`.
  public static func atLeast3d(_ tensors: [Tensor]) -> [Tensor] {
    atleast3dSequenceOperator.tensors(count: 0, .tensors(tensors))
  }

  /// A matrix with the tensors as blocks on its diagonal.
  ///
  /// PyTorch: `torch.block_diag`.
  public static func blockDiag(_ tensors: [Tensor]) -> Tensor {
    blockDiagOperator.tensor(.tensors(tensors))
  }

  /// The tensors expanded to their common shape.
  ///
  /// PyTorch: `torch.broadcast_tensors`.
  public static func broadcastTensors(_ tensors: [Tensor]) -> [Tensor] {
    broadcastTensorsOperator.tensors(count: 0, .tensors(tensors))
  }

  /// The tensor expanded to a shape.
  ///
  /// PyTorch: `Tensor.broadcast_to`.
  public func broadcastTo(_ size: [Int]) -> Tensor {
    broadcastToOperator.tensor(.tensor(self), .ints(size))
  }

  /// All combinations of the elements of vectors, one row each.
  ///
  /// PyTorch: `torch.cartesian_prod`.
  public static func cartesianProd(_ tensors: [Tensor]) -> Tensor {
    cartesianProdOperator.tensor(.tensors(tensors))
  }

  /// The tensors concatenated along an existing dimension.
  ///
  /// PyTorch: `torch.cat`.
  public static func cat(_ tensors: [Tensor], dim: Int = 0) -> Tensor {
    catOperator.tensor(.tensors(tensors), .int(dim))
  }

  /// The channels, dimension 1, in the order that interleaves `groups` groups.
  ///
  /// PyTorch: `torch.nn.functional.channel_shuffle`.
  public func channelShuffle(_ groups: Int) -> Tensor {
    channelShuffleOperator.tensor(.tensor(self), .int(groups))
  }

  /// The tensor divided into at most `chunks` views along a dimension.
  ///
  /// PyTorch: `Tensor.chunk`.
  public func chunk(_ chunks: Int, dim: Int = 0) -> [Tensor] {
    chunkOperator.tensors(count: 0, .tensor(self), .int(chunks), .int(dim))
  }

  /// The tensors as columns of a matrix.
  ///
  /// PyTorch: `torch.column_stack`.
  public static func columnStack(_ tensors: [Tensor]) -> Tensor {
    columnStackOperator.tensor(.tensors(tensors))
  }

  /// All combinations of `r` elements of a vector, one row each.
  ///
  /// PyTorch: `torch.combinations`.
  public func combinations(r: Int = 2, withReplacement: Bool = false) -> Tensor {
    combinationsOperator.tensor(.tensor(self), .int(r), .bool(withReplacement))
  }

  /// A copy with memory of its own, recorded by autograd.
  ///
  /// PyTorch: `Tensor.clone`.
  public func clone() -> Tensor {
    cloneOperator.tensor(.tensor(self))
  }

  /// A view outside of autograd's graph.
  ///
  /// PyTorch: `Tensor.detach`.
  public func detach() -> Tensor {
    detachOperator.tensor(.tensor(self))
  }

  /// A view outside of autograd's graph.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.detach_`.
  @discardableResult
  public func detach_() -> Tensor {
    detachInPlace.run(.tensor(self))
    return self
  }

  /// The diagonal of a matrix, or a matrix with a vector as its diagonal.
  ///
  /// PyTorch: `Tensor.diag`.
  public func diag(diagonal: Int = 0) -> Tensor {
    diagOperator.tensor(.tensor(self), .int(diagonal))
  }

  /// Matrices with the last dimension as their diagonals.
  ///
  /// PyTorch: `Tensor.diag_embed`.
  public func diagEmbed(offset: Int = 0, dim1: Int = -2, dim2: Int = -1) -> Tensor {
    diagEmbedOperator.tensor(.tensor(self), .int(offset), .int(dim1), .int(dim2))
  }

  /// A matrix with the flattened tensor as its diagonal.
  ///
  /// PyTorch: `Tensor.diagflat`.
  public func diagflat(offset: Int = 0) -> Tensor {
    diagflatOperator.tensor(.tensor(self), .int(offset))
  }

  /// A view of a diagonal of two dimensions, moved to the end.
  ///
  /// PyTorch: `Tensor.diagonal`.
  public func diagonal(offset: Int = 0, dim1: Int = 0, dim2: Int = 1) -> Tensor {
    diagonalOperator.tensor(.tensor(self), .int(offset), .int(dim1), .int(dim2))
  }

  /// A copy of the tensor with `src` as a diagonal.
  ///
  /// PyTorch: `Tensor.diagonal_scatter`.
  public func diagonalScatter(_ src: Tensor, offset: Int = 0, dim1: Int = 0, dim2: Int = 1)
    -> Tensor
  {
    diagonalScatterOperator.tensor(
      .tensor(self), .tensor(src), .int(offset), .int(dim1), .int(dim2))
  }

  /// The tensor divided along dimension 2.
  ///
  /// PyTorch: `Tensor.dsplit`.
  public func dsplit(_ indices: [Int]) -> [Tensor] {
    dsplitArrayOperator.tensors(count: 0, .tensor(self), .ints(indices))
  }

  /// The tensor divided along dimension 2.
  ///
  /// PyTorch: `Tensor.dsplit`.
  public func dsplit(_ sections: Int) -> [Tensor] {
    dsplitIntOperator.tensors(count: 0, .tensor(self), .int(sections))
  }

  /// The tensors concatenated along dimension 2.
  ///
  /// PyTorch: `torch.dstack`.
  public static func dstack(_ tensors: [Tensor]) -> Tensor {
    dstackOperator.tensor(.tensors(tensors))
  }

  /// A view with dimensions of size 1 expanded; -1 leaves a size unchanged.
  ///
  /// PyTorch: `Tensor.expand`.
  public func expand(_ size: [Int]) -> Tensor {
    expandOperator.tensor(.tensor(self), .ints(size))
  }

  /// A view expanded to the shape of `other`.
  ///
  /// PyTorch: `Tensor.expand_as`.
  public func expandAs(_ other: Tensor) -> Tensor {
    expandAsOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The dimensions from `startDim` to `endDim` as one.
  ///
  /// PyTorch: `Tensor.flatten`.
  public func flatten(startDim: Int = 0, endDim: Int = -1) -> Tensor {
    flattenUsingIntsOperator.tensor(.tensor(self), .int(startDim), .int(endDim))
  }

  /// The elements in reverse order along dimensions.
  ///
  /// PyTorch: `Tensor.flip`.
  public func flip(_ dims: [Int]) -> Tensor {
    flipOperator.tensor(.tensor(self), .ints(dims))
  }

  /// The columns, dimension 1, in reverse order.
  ///
  /// PyTorch: `Tensor.fliplr`.
  public func flipLR() -> Tensor {
    fliplrOperator.tensor(.tensor(self))
  }

  /// The rows, dimension 0, in reverse order.
  ///
  /// PyTorch: `Tensor.flipud`.
  public func flipUD() -> Tensor {
    flipudOperator.tensor(.tensor(self))
  }

  /// The tensor divided along its columns.
  ///
  /// PyTorch: `Tensor.hsplit`.
  public func hsplit(_ indices: [Int]) -> [Tensor] {
    hsplitArrayOperator.tensors(count: 0, .tensor(self), .ints(indices))
  }

  /// The tensor divided along its columns.
  ///
  /// PyTorch: `Tensor.hsplit`.
  public func hsplit(_ sections: Int) -> [Tensor] {
    hsplitIntOperator.tensors(count: 0, .tensor(self), .int(sections))
  }

  /// The tensors concatenated along their columns.
  ///
  /// PyTorch: `torch.hstack`.
  public static func hstack(_ tensors: [Tensor]) -> Tensor {
    hstackOperator.tensor(.tensors(tensors))
  }

  /// The conjugate transpose of the last two dimensions.
  ///
  /// PyTorch: `Tensor.mH`.
  public func mH() -> Tensor {
    mHOperator.tensor(.tensor(self))
  }

  /// The transpose of the last two dimensions.
  ///
  /// PyTorch: `Tensor.mT`.
  public func mT() -> Tensor {
    mTOperator.tensor(.tensor(self))
  }

  /// The coordinate tensors of the grid over vectors.
  ///
  /// PyTorch: `torch.meshgrid`.
  public static func meshgrid(_ tensors: [Tensor], indexing: GridIndexing = .ij) -> [Tensor] {
    meshgridIndexingOperator.tensors(count: 0, .tensors(tensors), .string(indexing.rawValue))
  }

  /// The dimensions `source` moved to the positions `destination`.
  ///
  /// PyTorch: `Tensor.movedim`.
  public func moveDim(_ source: Int, _ destination: Int) -> Tensor {
    movedimIntOperator.tensor(.tensor(self), .int(source), .int(destination))
  }

  /// The dimensions `source` moved to the positions `destination`.
  ///
  /// PyTorch: `Tensor.movedim`.
  public func moveDim(_ source: [Int], _ destination: [Int]) -> Tensor {
    movedimIntlistOperator.tensor(.tensor(self), .ints(source), .ints(destination))
  }

  /// A view of `length` elements from `start` along a dimension.
  ///
  /// PyTorch: `Tensor.narrow`.
  public func narrow(dim: Int, start: Int, length: Int) -> Tensor {
    narrowOperator.tensor(.tensor(self), .int(dim), .int(start), .int(length))
  }

  /// A view of `length` elements from `start` along a dimension.
  ///
  /// PyTorch: `Tensor.narrow`.
  public func narrow(dim: Int, start: Tensor, length: Int) -> Tensor {
    narrowTensorOperator.tensor(.tensor(self), .int(dim), .tensor(start), .int(length))
  }

  /// A view with the dimensions in another order.
  ///
  /// PyTorch: `Tensor.permute`.
  public func permute(_ dims: [Int]) -> Tensor {
    permuteOperator.tensor(.tensor(self), .ints(dims))
  }

  /// A copy in page-locked memory.
  ///
  /// PyTorch: `Tensor.pin_memory`.
  public func pinMemory() -> Tensor {
    pinMemoryOperator.tensor(.tensor(self))
  }

  /// The elements as a vector.
  ///
  /// PyTorch: `Tensor.ravel`.
  public func ravel() -> Tensor {
    ravelOperator.tensor(.tensor(self))
  }

  /// The tensor repeated along each dimension.
  ///
  /// PyTorch: `Tensor.repeat`.
  public func `repeat`(_ repeats: [Int]) -> Tensor {
    repeatOperator.tensor(.tensor(self), .ints(repeats))
  }

  /// Every element, or slice along a dimension, repeated.
  ///
  /// PyTorch: `Tensor.repeat_interleave`.
  public func repeatInterleave(_ repeats: Tensor, dim: Int? = nil, outputSize: Int? = nil) -> Tensor
  {
    repeatInterleaveSelfTensorOperator.tensor(
      .tensor(self), .tensor(repeats), .optionalInt(dim), .optionalInt(outputSize))
  }

  /// Every element, or slice along a dimension, repeated.
  ///
  /// PyTorch: `Tensor.repeat_interleave`.
  public func repeatInterleave(_ repeats: Int, dim: Int? = nil, outputSize: Int? = nil) -> Tensor {
    repeatInterleaveSelfIntOperator.tensor(
      .tensor(self), .int(repeats), .optionalInt(dim), .optionalInt(outputSize))
  }

  /// The elements in another shape, as a view if possible; one size may be -1.
  ///
  /// PyTorch: `Tensor.reshape`.
  public func reshape(_ shape: [Int]) -> Tensor {
    reshapeOperator.tensor(.tensor(self), .ints(shape))
  }

  /// The elements in the shape of `other`.
  ///
  /// PyTorch: `Tensor.reshape_as`.
  public func reshapeAs(_ other: Tensor) -> Tensor {
    reshapeAsOperator.tensor(.tensor(self), .tensor(other))
  }

  /// The elements shifted along dimensions; those that leave return at the other end.
  ///
  /// PyTorch: `Tensor.roll`.
  public func roll(_ shifts: any IntegerList, dims: any IntegerList = [Int]()) -> Tensor {
    rollOperator.tensor(.tensor(self), .list(shifts, 1), .list(dims, 1))
  }

  /// The tensor rotated by 90 degrees `k` times in the plane of two dimensions.
  ///
  /// PyTorch: `Tensor.rot90`.
  public func rot90(k: Int = 1, dims: [Int] = [0, 1]) -> Tensor {
    rot90Operator.tensor(.tensor(self), .int(k), .ints(dims))
  }

  /// A view at an index along a dimension, which is removed.
  ///
  /// PyTorch: `Tensor.select`.
  public func select(dim: Int, index: Int) -> Tensor {
    selectIntOperator.tensor(.tensor(self), .int(dim), .int(index))
  }

  /// A copy of the tensor with `src` at an index along a dimension.
  ///
  /// PyTorch: `Tensor.select_scatter`.
  public func selectScatter(_ src: Tensor, dim: Int, index: Int) -> Tensor {
    selectScatterOperator.tensor(.tensor(self), .tensor(src), .int(dim), .int(index))
  }

  /// A view of every `step`-th element from `start` to `end` along a dimension.
  ///
  /// PyTorch: `aten::slice.Tensor`.
  public func slice(dim: Int = 0, start: Int? = nil, end: Int? = nil, step: Int = 1) -> Tensor {
    sliceTensorOperator.tensor(
      .tensor(self), .int(dim), .optionalInt(start), .optionalInt(end), .int(step))
  }

  /// A copy of the tensor with `src` at a slice along a dimension.
  ///
  /// PyTorch: `Tensor.slice_scatter`.
  public func sliceScatter(
    _ src: Tensor, dim: Int = 0, start: Int? = nil, end: Int? = nil, step: Int = 1
  ) -> Tensor {
    sliceScatterOperator.tensor(
      .tensor(self), .tensor(src), .int(dim), .optionalInt(start), .optionalInt(end), .int(step))
  }

  /// The tensor divided into views of given sizes along a dimension.
  ///
  /// PyTorch: `Tensor.split`.
  public func split(_ splitSize: Int, dim: Int = 0) -> [Tensor] {
    splitTensorOperator.tensors(count: 0, .tensor(self), .int(splitSize), .int(dim))
  }

  /// The tensor divided into views of given sizes along a dimension.
  ///
  /// PyTorch: `Tensor.split`.
  public func split(_ splitSize: [Int], dim: Int = 0) -> [Tensor] {
    splitSizesOperator.tensors(count: 0, .tensor(self), .ints(splitSize), .int(dim))
  }

  /// A view without dimensions of size 1: all of them, or those given.
  ///
  /// PyTorch: `Tensor.squeeze`.
  public func squeeze() -> Tensor {
    squeezeOperator.tensor(.tensor(self))
  }

  /// A view without dimensions of size 1: all of them, or those given.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.squeeze_`.
  @discardableResult
  public func squeeze_() -> Tensor {
    squeezeInPlace.run(.tensor(self))
    return self
  }

  /// A view without dimensions of size 1: all of them, or those given.
  ///
  /// PyTorch: `Tensor.squeeze`.
  public func squeeze(dim: Int) -> Tensor {
    squeezeDimOperator.tensor(.tensor(self), .int(dim))
  }

  /// A view without dimensions of size 1: all of them, or those given.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.squeeze_`.
  @discardableResult
  public func squeeze_(dim: Int) -> Tensor {
    squeezeDimInPlace.run(.tensor(self), .int(dim))
    return self
  }

  /// A view without dimensions of size 1: all of them, or those given.
  ///
  /// PyTorch: `Tensor.squeeze`.
  public func squeeze(dim: [Int]) -> Tensor {
    squeezeDimsOperator.tensor(.tensor(self), .ints(dim))
  }

  /// A view without dimensions of size 1: all of them, or those given.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.squeeze_`.
  @discardableResult
  public func squeeze_(dim: [Int]) -> Tensor {
    squeezeDimsInPlace.run(.tensor(self), .ints(dim))
    return self
  }

  /// The tensors stacked along a new dimension.
  ///
  /// PyTorch: `torch.stack`.
  public static func stack(_ tensors: [Tensor], dim: Int = 0) -> Tensor {
    stackOperator.tensor(.tensors(tensors), .int(dim))
  }

  /// A view with two dimensions swapped.
  ///
  /// PyTorch: `Tensor.swapdims`.
  public func swapDims(_ dim0: Int, _ dim1: Int) -> Tensor {
    swapdimsOperator.tensor(.tensor(self), .int(dim0), .int(dim1))
  }

  /// A view with two dimensions swapped.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.swapdims_`.
  @discardableResult
  public func swapDims_(_ dim0: Int, _ dim1: Int) -> Tensor {
    swapdimsInPlace.run(.tensor(self), .int(dim0), .int(dim1))
    return self
  }

  /// The transpose of a matrix.
  ///
  /// PyTorch: `Tensor.t`.
  public func t() -> Tensor {
    tOperator.tensor(.tensor(self))
  }

  /// The transpose of a matrix.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.t_`.
  @discardableResult
  public func t_() -> Tensor {
    tInPlace.run(.tensor(self))
    return self
  }

  /// The elements at `indices` along a dimension, with broadcasting.
  ///
  /// PyTorch: `Tensor.take_along_dim`.
  public func takeAlongDim(_ indices: Tensor, dim: Int? = nil) -> Tensor {
    takeAlongDimOperator.tensor(.tensor(self), .tensor(indices), .optionalInt(dim))
  }

  /// The tensor divided into nearly equal sections, or at indices.
  ///
  /// PyTorch: `Tensor.tensor_split`.
  public func tensorSplit(_ sections: Int, dim: Int = 0) -> [Tensor] {
    tensorSplitSectionsOperator.tensors(count: 0, .tensor(self), .int(sections), .int(dim))
  }

  /// The tensor divided into nearly equal sections, or at indices.
  ///
  /// PyTorch: `Tensor.tensor_split`.
  public func tensorSplit(_ indices: [Int], dim: Int = 0) -> [Tensor] {
    tensorSplitIndicesOperator.tensors(count: 0, .tensor(self), .ints(indices), .int(dim))
  }

  /// The tensor repeated along each dimension, missing dimensions first.
  ///
  /// PyTorch: `Tensor.tile`.
  public func tile(_ dims: [Int]) -> Tensor {
    tileOperator.tensor(.tensor(self), .ints(dims))
  }

  /// A view with two dimensions swapped.
  ///
  /// PyTorch: `Tensor.transpose`.
  public func transpose(_ dim0: Int, _ dim1: Int) -> Tensor {
    transposeIntOperator.tensor(.tensor(self), .int(dim0), .int(dim1))
  }

  /// The lower triangle of matrices; the other elements are 0.
  ///
  /// PyTorch: `Tensor.tril`.
  public func tril(diagonal: Int = 0) -> Tensor {
    trilOperator.tensor(.tensor(self), .int(diagonal))
  }

  /// The lower triangle of matrices; the other elements are 0.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.tril_`.
  @discardableResult
  public func tril_(diagonal: Int = 0) -> Tensor {
    trilInPlace.run(.tensor(self), .int(diagonal))
    return self
  }

  /// The upper triangle of matrices; the other elements are 0.
  ///
  /// PyTorch: `Tensor.triu`.
  public func triu(diagonal: Int = 0) -> Tensor {
    triuOperator.tensor(.tensor(self), .int(diagonal))
  }

  /// The upper triangle of matrices; the other elements are 0.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.triu_`.
  @discardableResult
  public func triu_(diagonal: Int = 0) -> Tensor {
    triuInPlace.run(.tensor(self), .int(diagonal))
    return self
  }

  /// Views of the slices along a dimension.
  ///
  /// PyTorch: `Tensor.unbind`.
  public func unbind(dim: Int = 0) -> [Tensor] {
    unbindIntOperator.tensors(count: 0, .tensor(self), .int(dim))
  }

  /// A view with a dimension divided into several.
  ///
  /// PyTorch: `Tensor.unflatten`.
  public func unflatten(dim: Int, sizes: [Int]) -> Tensor {
    unflattenIntOperator.tensor(.tensor(self), .int(dim), .ints(sizes))
  }

  /// A view of all slices of `size` elements along a dimension, `step` elements apart.
  ///
  /// PyTorch: `Tensor.unfold`.
  public func unfold(dimension: Int, size: Int, step: Int) -> Tensor {
    unfoldOperator.tensor(.tensor(self), .int(dimension), .int(size), .int(step))
  }

  /// The tensor converted to the type of `other`.
  ///
  /// PyTorch: `Tensor.type_as`.
  public func typeAs(_ other: Tensor) -> Tensor {
    typeAsOperator.tensor(.tensor(self), .tensor(other))
  }

  /// A view with a new dimension of size 1.
  ///
  /// PyTorch: `Tensor.unsqueeze`.
  public func unsqueeze(dim: Int) -> Tensor {
    unsqueezeOperator.tensor(.tensor(self), .int(dim))
  }

  /// A view with a new dimension of size 1.
  ///
  /// Overwrites the tensor, and returns it. PyTorch: `Tensor.unsqueeze_`.
  @discardableResult
  public func unsqueeze_(dim: Int) -> Tensor {
    unsqueezeInPlace.run(.tensor(self), .int(dim))
    return self
  }

  /// The Vandermonde matrix of a vector.
  ///
  /// PyTorch: `torch.vander`.
  public func vander(n: Int? = nil, increasing: Bool = false) -> Tensor {
    vanderOperator.tensor(.tensor(self), .optionalInt(n), .bool(increasing))
  }

  /// A view in another shape; one size may be -1.
  ///
  /// PyTorch: `Tensor.view`.
  public func view(_ size: [Int]) -> Tensor {
    viewOperator.tensor(.tensor(self), .ints(size))
  }

  /// A view of the memory as elements of another type.
  ///
  /// PyTorch: `Tensor.view`.
  public func view(_ dtype: DType) -> Tensor {
    viewDtypeOperator.tensor(.tensor(self), .dtype(dtype))
  }

  /// A view in the shape of `other`.
  ///
  /// PyTorch: `Tensor.view_as`.
  public func viewAs(_ other: Tensor) -> Tensor {
    viewAsOperator.tensor(.tensor(self), .tensor(other))
  }

  /// A view of pairs of real numbers as complex numbers.
  ///
  /// PyTorch: `torch.view_as_complex`.
  public func viewAsComplex() -> Tensor {
    viewAsComplexOperator.tensor(.tensor(self))
  }

  /// A view of complex numbers as pairs of real numbers.
  ///
  /// PyTorch: `torch.view_as_real`.
  public func viewAsReal() -> Tensor {
    viewAsRealOperator.tensor(.tensor(self))
  }

  /// The tensor divided along its rows.
  ///
  /// PyTorch: `Tensor.vsplit`.
  public func vsplit(_ indices: [Int]) -> [Tensor] {
    vsplitArrayOperator.tensors(count: 0, .tensor(self), .ints(indices))
  }

  /// The tensor divided along its rows.
  ///
  /// PyTorch: `Tensor.vsplit`.
  public func vsplit(_ sections: Int) -> [Tensor] {
    vsplitIntOperator.tensors(count: 0, .tensor(self), .int(sections))
  }

  /// The tensors concatenated along their rows.
  ///
  /// PyTorch: `torch.vstack`.
  public static func vstack(_ tensors: [Tensor]) -> Tensor {
    vstackOperator.tensor(.tensors(tensors))
  }
}

private let adjointOperator = Operator("aten::adjoint")
private let argwhereOperator = Operator("aten::argwhere")
private let asStridedOperator = Operator("aten::as_strided")
private let asStridedInPlace = Operator("aten::as_strided_")
private let asStridedScatterOperator = Operator("aten::as_strided_scatter")
private let atleast1dOperator = Operator("aten::atleast_1d")
private let atleast2dOperator = Operator("aten::atleast_2d")
private let atleast3dOperator = Operator("aten::atleast_3d")
private let atleast1dSequenceOperator = Operator("aten::atleast_1d", "Sequence")
private let atleast2dSequenceOperator = Operator("aten::atleast_2d", "Sequence")
private let atleast3dSequenceOperator = Operator("aten::atleast_3d", "Sequence")
private let blockDiagOperator = Operator("aten::block_diag")
private let broadcastTensorsOperator = Operator("aten::broadcast_tensors")
private let broadcastToOperator = Operator("aten::broadcast_to")
private let cartesianProdOperator = Operator("aten::cartesian_prod")
private let catOperator = Operator("aten::cat")
private let channelShuffleOperator = Operator("aten::channel_shuffle")
private let chunkOperator = Operator("aten::chunk")
private let columnStackOperator = Operator("aten::column_stack")
private let combinationsOperator = Operator("aten::combinations")
private let cloneOperator = Operator("aten::clone")
private let detachOperator = Operator("aten::detach")
private let detachInPlace = Operator("aten::detach_")
private let diagOperator = Operator("aten::diag")
private let diagEmbedOperator = Operator("aten::diag_embed")
private let diagflatOperator = Operator("aten::diagflat")
private let diagonalOperator = Operator("aten::diagonal")
private let diagonalScatterOperator = Operator("aten::diagonal_scatter")
private let dsplitArrayOperator = Operator("aten::dsplit", "array")
private let dsplitIntOperator = Operator("aten::dsplit", "int")
private let dstackOperator = Operator("aten::dstack")
private let expandOperator = Operator("aten::expand")
private let expandAsOperator = Operator("aten::expand_as")
private let flattenUsingIntsOperator = Operator("aten::flatten", "using_ints")
private let flipOperator = Operator("aten::flip")
private let fliplrOperator = Operator("aten::fliplr")
private let flipudOperator = Operator("aten::flipud")
private let hsplitArrayOperator = Operator("aten::hsplit", "array")
private let hsplitIntOperator = Operator("aten::hsplit", "int")
private let hstackOperator = Operator("aten::hstack")
private let mHOperator = Operator("aten::mH")
private let mTOperator = Operator("aten::mT")
private let meshgridIndexingOperator = Operator("aten::meshgrid", "indexing")
private let movedimIntOperator = Operator("aten::movedim", "int")
private let movedimIntlistOperator = Operator("aten::movedim", "intlist")
private let narrowOperator = Operator("aten::narrow")
private let narrowTensorOperator = Operator("aten::narrow", "Tensor")
private let permuteOperator = Operator("aten::permute")
private let pinMemoryOperator = Operator("aten::pin_memory")
private let ravelOperator = Operator("aten::ravel")
private let repeatOperator = Operator("aten::repeat")
private let repeatInterleaveSelfTensorOperator = Operator("aten::repeat_interleave", "self_Tensor")
private let repeatInterleaveSelfIntOperator = Operator("aten::repeat_interleave", "self_int")
private let reshapeOperator = Operator("aten::reshape")
private let reshapeAsOperator = Operator("aten::reshape_as")
private let rollOperator = Operator("aten::roll")
private let rot90Operator = Operator("aten::rot90")
private let selectIntOperator = Operator("aten::select", "int")
private let selectScatterOperator = Operator("aten::select_scatter")
private let sliceTensorOperator = Operator("aten::slice", "Tensor")
private let sliceScatterOperator = Operator("aten::slice_scatter")
private let splitTensorOperator = Operator("aten::split", "Tensor")
private let splitSizesOperator = Operator("aten::split", "sizes")
private let squeezeOperator = Operator("aten::squeeze")
private let squeezeInPlace = Operator("aten::squeeze_")
private let squeezeDimOperator = Operator("aten::squeeze", "dim")
private let squeezeDimInPlace = Operator("aten::squeeze_", "dim")
private let squeezeDimsOperator = Operator("aten::squeeze", "dims")
private let squeezeDimsInPlace = Operator("aten::squeeze_", "dims")
private let stackOperator = Operator("aten::stack")
private let swapdimsOperator = Operator("aten::swapdims")
private let swapdimsInPlace = Operator("aten::swapdims_")
private let tOperator = Operator("aten::t")
private let tInPlace = Operator("aten::t_")
private let takeAlongDimOperator = Operator("aten::take_along_dim")
private let tensorSplitSectionsOperator = Operator("aten::tensor_split", "sections")
private let tensorSplitIndicesOperator = Operator("aten::tensor_split", "indices")
private let tileOperator = Operator("aten::tile")
private let transposeIntOperator = Operator("aten::transpose", "int")
private let trilOperator = Operator("aten::tril")
private let trilInPlace = Operator("aten::tril_")
private let triuOperator = Operator("aten::triu")
private let triuInPlace = Operator("aten::triu_")
private let unbindIntOperator = Operator("aten::unbind", "int")
private let unflattenIntOperator = Operator("aten::unflatten", "int")
private let unfoldOperator = Operator("aten::unfold")
private let typeAsOperator = Operator("aten::type_as")
private let unsqueezeOperator = Operator("aten::unsqueeze")
private let unsqueezeInPlace = Operator("aten::unsqueeze_")
private let vanderOperator = Operator("aten::vander")
private let viewOperator = Operator("aten::view")
private let viewDtypeOperator = Operator("aten::view", "dtype")
private let viewAsOperator = Operator("aten::view_as")
private let viewAsComplexOperator = Operator("aten::view_as_complex")
private let viewAsRealOperator = Operator("aten::view_as_real")
private let vsplitArrayOperator = Operator("aten::vsplit", "array")
private let vsplitIntOperator = Operator("aten::vsplit", "int")
private let vstackOperator = Operator("aten::vstack")
