internal import Glibc

/// Allocates the memory of storages and creates the tensors that share it.
enum StorageMemory {
  /// The size of this machine's memory.
  private static let byteLimit = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))

  /// Allocates memory for a storage.
  ///
  /// The size of the file does not limit `byteCount`: a sparse file can be larger than its disk
  /// space. The limit is the machine's memory.
  static func allocate(byteCount: Int) throws(FileFailure) -> Tensor {
    guard byteCount <= byteLimit else {
      throw .unsupported(
        "it contains a storage of \(byteCount) bytes, which exceeds the \(byteLimit) bytes of this "
          + "machine's memory")
    }
    do {
      return try catchingTorchErrors { Tensor.empty([byteCount], dtype: .uint8) }
    } catch {
      throw .system(
        TorchError(
          .inputOutput,
          "cannot allocate memory for a storage of \(byteCount) bytes: \(error); raise the memory "
            + "limit of the process"))
    }
  }

  /// The memory of a tensor as a buffer, to fill it.
  static func buffer(_ memory: Tensor) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: memory.dataAddress, count: memory.count)
  }

  /// Reverses the bytes of each element.
  static func swapBytes(_ memory: Tensor, _ element: PickleElement) {
    let size = element.swapByteCount
    guard size > 1 else { return }
    let bytes = buffer(memory)
    for start in stride(from: 0, to: bytes.count - bytes.count % size, by: size) {
      bytes[start..<start + size].reverse()
    }
  }

  /// Creates a tensor that shares its storage with the other tensors that refer to it.
  ///
  /// - Throws: ``FileFailure/damaged(_:)`` if an element is outside of the storage. Arguments are
  ///   checked before libtorch receives them.
  static func tensor(
    in storage: StorageReference, as dtype: DType, offset: Int, shape: [Int], strides: [Int]
  ) throws(FileFailure) -> Tensor {
    let size = dtype.byteCount
    let capacity = storage.count * storage.element.byteCount / size
    try check(shape, strides, offset: offset, capacity: capacity)
    if shape.contains(0) { return Tensor.zeros(shape, dtype: dtype) }
    guard storage.byteOffset.isMultiple(of: size) else {
      throw .damaged("it contains a tensor whose memory is not aligned for \(dtype)")
    }
    let whole = storage.memory.count / size * size
    let memory = storage.memory.narrow(dim: 0, start: 0, length: whole)
    let source = dtype == .uint8 ? memory : viewAsOp.tensor(.tensor(memory), .dtype(dtype))
    let tensor = Tensor.empty([0], dtype: dtype)
    setSource.run(
      .tensor(tensor), .tensor(source), .int(storage.byteOffset / size + offset), .ints(shape),
      .ints(strides))
    return tensor
  }

  /// Checks that a tensor is inside a storage of `capacity` elements.
  static func check(_ shape: [Int], _ strides: [Int], offset: Int, capacity: Int)
    throws(FileFailure)
  {
    guard shape.count == strides.count, shape.count <= 64, offset >= 0,
      (shape + strides).allSatisfy({ $0 >= 0 }), let count = product(shape.filter { $0 > 0 })
    else { throw .damaged("it contains a tensor with the invalid shape \(shape)") }
    guard !shape.contains(0) else { return }
    guard let last = lastElement(offset, shape, strides), last < capacity else {
      throw .damaged(
        "it contains a tensor of shape \(shape) with \(count) elements that exceeds its storage of "
          + "\(capacity) elements")
    }
  }

  /// Returns the product, or `nil` on overflow.
  static func product(_ factors: [Int]) -> Int? {
    var product = 1
    for factor in factors {
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      guard !overflow else { return nil }
      product = next
    }
    return product
  }

  /// Returns the offset of the last element of a nonempty tensor, or `nil` on overflow.
  private static func lastElement(_ offset: Int, _ shape: [Int], _ strides: [Int]) -> Int? {
    var last = offset
    for (size, stride) in zip(shape, strides) {
      let lastIndex = size - 1
      let (distance, overflow) = lastIndex.multipliedReportingOverflow(by: stride)
      let (next, sumOverflow) = last.addingReportingOverflow(distance)
      guard !overflow, !sumOverflow else { return nil }
      last = next
    }
    return last
  }
}

private let setSource = Operator("aten::set_", "source_Tensor_storage_offset")
private let viewAsOp = Operator("aten::view", "dtype")
