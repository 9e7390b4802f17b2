internal import CTorch
internal import Support

extension Tensor {
  /// Creates a CPU tensor from literals, such as `Tensor([[1, 2], [3, 4]])`.
  ///
  /// As in PyTorch, integers make an int64 tensor, floating-point numbers a float32 tensor, and
  /// Boolean values a bool tensor. The nested arrays of one dimension must have equal lengths.
  ///
  /// - Parameters:
  ///   - literal: A number, or nested arrays of numbers.
  ///   - dtype: The type of the elements; `nil` for the type of the literals.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  public convenience init(
    _ literal: TensorLiteral, dtype: DType? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(sharing: literal.tensor(dtype: dtype, file: file, line: line))
  }

  /// Creates a CPU tensor from an array; its elements keep their type.
  ///
  /// `shape` is `nil` for the vector `[values.count]`.
  ///
  /// - Precondition: The number of values, in row-major order, is the product of the shape.
  @_disfavoredOverload
  public convenience init<Element: TensorElement>(
    _ values: [Element], shape: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    let shape = shape ?? [values.count]
    let count = shape.reduce(1, *)
    require(
      count == values.count,
      "\(values.count) values do not fill shape \(shape): pass \(count) values or another shape",
      file: file, line: line)
    self.init(sharing: .empty(shape, dtype: Element.dtype))
    guard let address = dataAddress else { return }
    values.withUnsafeBytes { bytes in
      if let source = bytes.baseAddress { address.copyMemory(from: source, byteCount: bytes.count) }
    }
  }

  /// Creates a scalar on the CPU; the value keeps its type.
  @_disfavoredOverload
  public convenience init<Element: TensorElement>(_ value: Element) {
    self.init([value], shape: [])
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
