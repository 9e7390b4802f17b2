extension Tensor {
  /// The elements in another shape, as a view if possible, otherwise a copy.
  ///
  /// One size may be -1; it is inferred.
  public func reshaped(_ shape: [Int]) -> Tensor {
    reshapeOp.tensor(.tensor(self), .ints(shape))
  }

  /// A view with two dimensions swapped.
  public func transposed(_ first: Int, _ second: Int) -> Tensor {
    transposeOp.tensor(.tensor(self), .int(first), .int(second))
  }

  /// A view of the elements in `range` along a dimension.
  public func narrowed(along dimension: Int, to range: Range<Int>) -> Tensor {
    narrowOp.tensor(.tensor(self), .int(dimension), .int(range.lowerBound), .int(range.count))
  }

  /// A view of the elements at `index` along a dimension, which is removed.
  public func selected(along dimension: Int, at index: Int) -> Tensor {
    selectOp.tensor(.tensor(self), .int(dimension), .int(index))
  }

  /// A view with a new dimension of size 1.
  public func unsqueezed(at dimension: Int) -> Tensor {
    unsqueezeOp.tensor(.tensor(self), .int(dimension))
  }

  /// A view with dimensions of size 1 expanded to `shape`; -1 leaves a size unchanged.
  public func expanded(to shape: [Int]) -> Tensor {
    expandOp.tensor(.tensor(self), .ints(shape))
  }

  /// A view of the storage with a shape, strides and an offset, in elements.
  public func strided(shape: [Int], strides: [Int], offset: Int) -> Tensor {
    asStridedOp.tensor(.tensor(self), .ints(shape), .ints(strides), .int(offset))
  }

  /// The tensor itself if it is contiguous, otherwise a contiguous copy.
  public func contiguous() -> Tensor { isContiguous ? self : contiguousOp.tensor(.tensor(self)) }

  /// Concatenates tensors along an existing dimension.
  public static func concatenate(_ tensors: [Tensor], along dimension: Int = 0) -> Tensor {
    catOp.tensor(.tensors(tensors), .int(dimension))
  }

  /// The tensor itself if it is on the device, otherwise a copy on it.
  ///
  /// A copy from the CPU to a GPU is queued: the call does not wait for it, and the tensor may be
  /// overwritten after the call.
  public func moved(to device: Device) -> Tensor {
    guard device != self.device else { return self }
    // Without page-locked memory the copy would wait for all work queued on the GPU.
    let isQueued = self.device == .cpu && device.kind == .cuda && !requiresGrad
    let source = isQueued ? pinMemoryOp.tensor(.tensor(self)) : self
    return toDevice.tensor(.tensor(source), .device(device), .dtype(dtype), .bool(isQueued))
  }

  /// The tensor itself if it has the type, otherwise a converted copy.
  public func converted(to dtype: DType) -> Tensor {
    dtype == self.dtype ? self : toDType.tensor(.tensor(self), .dtype(dtype))
  }
}

private let reshapeOp = Operator("aten::reshape")
private let transposeOp = Operator("aten::transpose", "int")
private let narrowOp = Operator("aten::narrow")
private let selectOp = Operator("aten::select", "int")
private let unsqueezeOp = Operator("aten::unsqueeze")
private let expandOp = Operator("aten::expand")
private let asStridedOp = Operator("aten::as_strided")
private let contiguousOp = Operator("aten::contiguous")
private let catOp = Operator("aten::cat")
private let toDevice = Operator("aten::to", "device")
private let pinMemoryOp = Operator("aten::pin_memory")
private let toDType = Operator("aten::to", "dtype")
