public import Collectives
public import Torch

extension CollectiveBuffer {
  /// A tensor's memory, on whatever device it is; engines refuse what is not where they work.
  ///
  /// - Throws: ``CollectiveError`` with code `invalidArgument` when the elements do not lie side by
  ///   side.
  public init(_ tensor: Tensor) throws(CollectiveError) {
    guard tensor.isContiguous else {
      throw CollectiveError(
        .invalidArgument, "\(tensor.summary) is not contiguous: pass tensor.contiguous()")
    }
    // An empty tensor has no address, and needs none.
    let address = tensor.dataAddress ?? UnsafeMutableRawPointer(bitPattern: 64)
    guard let address else { preconditionFailure("64 is an address") }
    self.init(
      address: address, count: tensor.count, elementType: ElementType(tensor.dtype), owner: tensor,
      gpu: tensor.device.gpu)
  }
}

extension Device {
  /// The position of a GPU; `nil` for the CPU.
  var gpu: Int? { kind == .cuda ? index ?? 0 : nil }
}

extension ElementType {
  /// The element type of a tensor's memory.
  public init(_ dtype: DType) {
    self =
      switch dtype {
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

  /// The element type as a tensor has it.
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
  /// Replaces a tensor on every rank by the combination of all ranks' tensors, element by element.
  public func allReduce(_ tensor: Tensor, _ op: ReduceOp = .sum) throws(CollectiveError) {
    try allReduce(CollectiveBuffer(tensor), op)
  }

  /// Replaces a tensor on every rank by that of `root`.
  public func broadcast(_ tensor: Tensor, from root: Int = 0) throws(CollectiveError) {
    try broadcast(CollectiveBuffer(tensor), from: root)
  }
}
