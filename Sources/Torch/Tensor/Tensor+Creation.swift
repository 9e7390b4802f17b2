internal import CTorch
internal import Support

extension Tensor {
  /// Creates a CPU tensor from an array.
  ///
  /// `shape` is `nil` for the vector `[values.count]`.
  ///
  /// - Precondition: The number of values, in row-major order, is the product of the shape.
  public convenience init<Element: TensorElement>(
    _ values: [Element], shape: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    let shape = shape ?? [values.count]
    let count = shape.reduce(1, *)
    require(
      count == values.count,
      "\(values.count) values do not fill shape \(shape): pass \(count) values or another shape",
      file: file, line: line)
    self.init(zeros: shape, dtype: Element.dtype)
    guard let address = dataAddress else { return }
    values.withUnsafeBytes { bytes in
      if let source = bytes.baseAddress { address.copyMemory(from: source, byteCount: bytes.count) }
    }
  }

  /// Creates a scalar on the CPU.
  public convenience init<Element: TensorElement>(_ value: Element) {
    self.init([value], shape: [])
  }

  /// Creates a tensor of zeros.
  public convenience init(zeros shape: [Int], dtype: DType = .float32, device: Device = .cpu) {
    self.init(sharing: zerosOp.tensor(.ints(shape), .dtype(dtype), .none, .device(device)))
  }

  /// Creates a tensor whose elements are all `value`.
  public convenience init(
    repeating value: Double, shape: [Int], dtype: DType = .float32, device: Device = .cpu
  ) {
    self.init(
      sharing: fullOp.tensor(.ints(shape), .double(value), .dtype(dtype), .none, .device(device)))
  }

  /// Creates a tensor with uninitialized elements.
  public convenience init(empty shape: [Int], dtype: DType = .float32, device: Device = .cpu) {
    self.init(sharing: emptyOp.tensor(.ints(shape), .dtype(dtype), .none, .device(device)))
  }

  /// Creates a tensor of draws from the standard normal distribution; see ``manualSeed(_:)``.
  public convenience init(randomNormal shape: [Int], device: Device = .cpu) {
    SharedGenerator.warnOnLoaderThread()
    self.init(sharing: randnOp.tensor(.ints(shape), .dtype(.float32), .none, .device(device)))
  }

  /// Creates a tensor of draws from the uniform distribution over [0, 1); see ``manualSeed(_:)``.
  public convenience init(randomUniform shape: [Int], device: Device = .cpu) {
    SharedGenerator.warnOnLoaderThread()
    self.init(sharing: randOp.tensor(.ints(shape), .dtype(.float32), .none, .device(device)))
  }

  /// Creates an int64 tensor of the integers of a range, shape `[range.count]`.
  public convenience init(_ range: Range<Int>, device: Device = .cpu) {
    self.init(
      sharing: arangeOp.tensor(
        .int(range.lowerBound), .int(range.upperBound), .dtype(.int64), .none, .device(device)))
  }

  /// Creates a CPU tensor over existing memory, without a copy.
  ///
  /// - Parameters:
  ///   - memory: The elements in row-major order, aligned for the type. It must have at least the
  ///     size of the shape.
  ///   - shape: The shape.
  ///   - dtype: The type of the elements.
  ///   - owner: The owner of the memory, retained while libtorch uses it.
  public convenience init(
    memory: UnsafeMutableRawPointer, shape: [Int], dtype: DType, owner: AnyObject
  ) {
    var tensor: ct_tensor?
    check(
      ct_tensor_from_memory(
        memory, shape.map { Int64($0) }, Int64(shape.count), dtype.rawValue,
        Unmanaged.passRetained(owner).toOpaque(),
        { context in
          if let context { Unmanaged<AnyObject>.fromOpaque(context).release() }
        }, &tensor),
      "tensor of shape \(shape) over existing memory")
    self.init(owning: tensor)
  }

  /// Creates a tensor with another reference to the result of an operator.
  private convenience init(sharing other: Tensor) {
    self.init(owning: ct_tensor_retain(other.handle))
  }
}

private let zerosOp = Operator("aten::zeros")
private let fullOp = Operator("aten::full")
private let emptyOp = Operator("aten::empty", "memory_format")
private let randnOp = Operator("aten::randn")
private let randOp = Operator("aten::rand")
private let arangeOp = Operator("aten::arange", "start")
