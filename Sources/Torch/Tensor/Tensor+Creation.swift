internal import CTorch

extension Tensor {
  /// Copies numbers into a new CPU tensor.
  ///
  /// - Parameters:
  ///   - values: The elements, row by row.
  ///   - shape: The shape; `nil` makes a vector `[values.count]`.
  public convenience init<Element: TensorElement>(_ values: [Element], shape: [Int]? = nil) {
    let shape = shape ?? [values.count]
    precondition(
      shape.reduce(1, *) == values.count, "\(values.count) values do not fill shape \(shape)")
    self.init(zeros: shape, dtype: Element.dtype)
    guard let address = dataAddress else { return }
    values.withUnsafeBytes { bytes in
      if let source = bytes.baseAddress { address.copyMemory(from: source, byteCount: bytes.count) }
    }
  }

  /// A scalar on the CPU.
  public convenience init<Element: TensorElement>(_ value: Element) {
    self.init([value], shape: [])
  }

  /// A tensor of zeros.
  public convenience init(zeros shape: [Int], dtype: DType = .float32, device: Device = .cpu) {
    self.init(taking: zeros.tensor(.ints(shape), .dtype(dtype), .none, .device(device)))
  }

  /// A tensor whose elements all are `value`.
  public convenience init(
    repeating value: Double, shape: [Int], dtype: DType = .float32, device: Device = .cpu
  ) {
    self.init(
      taking: full.tensor(.ints(shape), .double(value), .dtype(dtype), .none, .device(device)))
  }

  /// A tensor whose memory holds whatever it held; to be overwritten.
  public convenience init(empty shape: [Int], dtype: DType = .float32, device: Device = .cpu) {
    self.init(taking: empty.tensor(.ints(shape), .dtype(dtype), .none, .device(device)))
  }

  /// Draws from the standard normal distribution; see ``manualSeed(_:)``.
  public convenience init(randomNormal shape: [Int], device: Device = .cpu) {
    self.init(taking: randn.tensor(.ints(shape), .dtype(.float32), .none, .device(device)))
  }

  /// Draws from the uniform distribution over [0, 1); see ``manualSeed(_:)``.
  public convenience init(randomUniform shape: [Int], device: Device = .cpu) {
    self.init(taking: rand.tensor(.ints(shape), .dtype(.float32), .none, .device(device)))
  }

  /// The integers of a range as int64, shape `[range.count]`.
  public convenience init(_ range: Range<Int>, device: Device = .cpu) {
    self.init(
      taking: arange.tensor(
        .int(range.lowerBound), .int(range.upperBound), .dtype(.int64), .none, .device(device)))
  }

  /// A CPU tensor over memory that somebody else owns, without a copy.
  ///
  /// - Parameters:
  ///   - memory: At least as many bytes as the shape needs, aligned for the type.
  ///   - shape: The shape, row by row.
  ///   - dtype: The type of the elements.
  ///   - owner: Kept alive for as long as libtorch uses the memory.
  public convenience init(
    memory: UnsafeMutableRawPointer, shape: [Int], dtype: DType, owner: AnyObject
  ) {
    var made: ct_tensor?
    check(
      ct_tensor_from_memory(
        memory, shape.map { Int64($0) }, Int64(shape.count), dtype.rawValue,
        Unmanaged.passRetained(owner).toOpaque(),
        { context in
          if let context { Unmanaged<AnyObject>.fromOpaque(context).release() }
        }, &made),
      "tensor of shape \(shape) over foreign memory")
    self.init(owning: made)
  }

  /// Shares the identity of an operator's result.
  private convenience init(taking other: Tensor) {
    self.init(owning: ct_tensor_retain(other.handle))
  }
}

private let zeros = Operator("aten::zeros")
private let full = Operator("aten::full")
private let empty = Operator("aten::empty", "memory_format")
private let randn = Operator("aten::randn")
private let rand = Operator("aten::rand")
private let arange = Operator("aten::arange", "start")
