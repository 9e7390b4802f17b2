public import Collectives
public import Torch

extension CollectiveBuffer {
  /// Creates a buffer over a tensor's memory, on any device.
  ///
  /// Backends reject memory that they cannot access.
  ///
  /// - Throws: ``CollectiveError`` with code `invalidArgument` when the tensor is not contiguous,
  ///   its memory does not hold its values, or collectives do not support its element type.
  public init(_ tensor: Tensor) throws(CollectiveError) {
    guard tensor.isContiguous else {
      throw CollectiveError(
        .invalidArgument, "\(tensor.summary) is not contiguous: pass tensor.contiguous()")
    }
    guard ElementType(exactly: tensor.dtype) != nil else {
      throw CollectiveError(
        .invalidArgument, "collectives do not support \(tensor.summary): convert the tensor first")
    }
    guard !tensor.isNeg() else {
      throw CollectiveError(
        .invalidArgument,
        "the memory of \(tensor.summary) holds the negated values: pass tensor.resolveNeg()")
    }
    guard tensor.count == 0 || tensor.dataAddress != nil else {
      throw CollectiveError(
        .invalidArgument,
        "\(tensor.summary) is a gradient of zeros, which has no memory: pass tensor.clone()")
    }
    // An empty tensor has no address. Any address is valid for it: no element is accessed.
    let address = tensor.dataAddress ?? UnsafeMutableRawPointer(bitPattern: 64)
    guard let address else { preconditionFailure("64 is a valid address") }
    self.init(
      address: address, count: tensor.count, elementType: ElementType(tensor.dtype), owner: tensor,
      gpu: tensor.device.gpu)
  }
}

extension Device {
  /// The index of a GPU; `nil` for the CPU.
  var gpu: Int? { kind == .cuda ? index ?? 0 : nil }
}

extension ElementType {
  /// Converts a tensor's data type.
  ///
  /// - Precondition: Collectives support the type; see ``init(exactly:)``.
  public init(_ dtype: DType, file: StaticString = #fileID, line: UInt = #line) {
    guard let type = ElementType(exactly: dtype) else {
      fatalError(
        "collectives do not support \(dtype): convert the tensor first", file: file, line: line)
    }
    self = type
  }

  /// Converts a tensor's data type.
  ///
  /// - Returns: `nil` if collectives do not support the type: unsigned integers of more than 8
  ///   bits, floating-point numbers of 8 bits, and complex numbers.
  public init?(exactly dtype: DType) {
    switch dtype {
    case .float64: self = .float64
    case .float32: self = .float32
    case .float16: self = .float16
    case .bfloat16: self = .bfloat16
    case .int64: self = .int64
    case .int32: self = .int32
    case .int16: self = .int16
    case .int8: self = .int8
    case .uint8: self = .uint8
    case .bool: self = .bool
    case .uint16, .uint32, .uint64, .complex32, .complex64, .complex128, .float8E5M2,
      .float8E4M3FN, .float8E5M2FNUZ, .float8E4M3FNUZ, .float8E8M0FNU:
      return nil
    }
  }

  /// The data type of tensors with this element type.
  public var dtype: DType {
    switch self {
    case .float64: .float64
    case .float32: .float32
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .int64: .int64
    case .int32: .int32
    case .int16: .int16
    case .int8: .int8
    case .uint8: .uint8
    case .bool: .bool
    }
  }
}

extension ProcessGroup {
  /// Replaces a tensor on every rank by the element-wise reduction over all ranks.
  public func allReduce(_ tensor: Tensor, _ op: ReduceOp = .sum) throws(CollectiveError) {
    try withValues(of: tensor) { (buffer) throws(CollectiveError) in try allReduce(buffer, op) }
  }

  /// Replaces a tensor on every rank by the tensor of `root`.
  public func broadcast(_ tensor: Tensor, from root: Int = 0) throws(CollectiveError) {
    try withValues(of: tensor) { (buffer) throws(CollectiveError) in
      try broadcast(buffer, from: root)
    }
  }

  /// Calls `body` with memory that holds the values of a tensor, and stores its contents in the
  /// tensor.
  ///
  /// libtorch postpones negations, and some gradients are zeros without memory.
  private func withValues(
    of tensor: Tensor, _ body: (CollectiveBuffer) throws(CollectiveError) -> Void
  ) throws(CollectiveError) {
    tensor.allocateMemory()
    let values = tensor.isContiguous ? tensor.materialized() : tensor
    try body(CollectiveBuffer(values))
    if !values.isSame(as: tensor) { noGrad { tensor.copy_(values) } }
  }
}
