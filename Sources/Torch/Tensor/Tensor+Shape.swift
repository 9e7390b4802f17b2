extension Tensor {
  /// The same elements in another shape, sharing memory where that is possible; one size may be -1.
  public func reshaped(_ shape: [Int]) -> Tensor {
    reshape.tensor(.tensor(self), .ints(shape))
  }

  /// A view in which two dimensions have changed places.
  public func transposed(_ first: Int, _ second: Int) -> Tensor {
    transpose.tensor(.tensor(self), .int(first), .int(second))
  }

  /// A view of the elements `range` along a dimension.
  public func narrowed(along dimension: Int, to range: Range<Int>) -> Tensor {
    narrow.tensor(.tensor(self), .int(dimension), .int(range.lowerBound), .int(range.count))
  }

  /// A view of the elements at `index` along a dimension, which disappears.
  public func selected(along dimension: Int, at index: Int) -> Tensor {
    select.tensor(.tensor(self), .int(dimension), .int(index))
  }

  /// A view with a new dimension of size 1.
  public func unsqueezed(at dimension: Int) -> Tensor {
    unsqueeze.tensor(.tensor(self), .int(dimension))
  }

  /// A view in which dimensions of size 1 are repeated to `shape`; -1 keeps a size.
  public func expanded(to shape: [Int]) -> Tensor {
    expand.tensor(.tensor(self), .ints(shape))
  }

  /// A view of memory by sizes, strides and an offset, all in elements.
  public func strided(shape: [Int], strides: [Int], offset: Int) -> Tensor {
    asStrided.tensor(.tensor(self), .ints(shape), .ints(strides), .int(offset))
  }

  /// Itself, or a copy whose elements lie row by row without gaps.
  public func contiguous() -> Tensor { isContiguous ? self : contiguousOp.tensor(.tensor(self)) }

  /// Joins tensors along a dimension that they have.
  public static func concatenate(_ tensors: [Tensor], along dimension: Int = 0) -> Tensor {
    cat.tensor(.tensors(tensors), .int(dimension))
  }

  /// Itself, or a copy on a device.
  ///
  /// From the CPU to a GPU the copy is made in its turn, of what the tensor holds now: nobody waits for it.
  public func moved(to device: Device) -> Tensor {
    guard device != self.device else { return self }
    // From memory that is not page-locked the copy would be waited for, and with it all that the GPU was given before.
    let isQueued = self.device == .cpu && device.kind == .cuda && !requiresGrad
    let source = isQueued ? pinMemory.tensor(.tensor(self)) : self
    return toDevice.tensor(.tensor(source), .device(device), .dtype(dtype), .bool(isQueued))
  }

  /// Itself, or a copy with elements of another type.
  public func converted(to dtype: DType) -> Tensor {
    dtype == self.dtype ? self : toDType.tensor(.tensor(self), .dtype(dtype))
  }
}

private let reshape = Operator("aten::reshape")
private let transpose = Operator("aten::transpose", "int")
private let narrow = Operator("aten::narrow")
private let select = Operator("aten::select", "int")
private let unsqueeze = Operator("aten::unsqueeze")
private let expand = Operator("aten::expand")
private let asStrided = Operator("aten::as_strided")
private let contiguousOp = Operator("aten::contiguous")
private let cat = Operator("aten::cat")
private let toDevice = Operator("aten::to", "device")
private let pinMemory = Operator("aten::pin_memory")
private let toDType = Operator("aten::to", "dtype")
