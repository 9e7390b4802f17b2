internal import Glibc

/// The memory that a pickle names, before it is read.
struct StorageReference {
  var key: String
  var dtype: DType
  /// In elements.
  var count: Int
}

/// Reads the memory behind tensors, each piece once, and makes tensors over it.
final class StorageReader {
  private let archive: PyTorchArchive
  private var memory: [String: Tensor] = [:]

  private static let machineByteCount =
    sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))

  init(archive: PyTorchArchive) { self.archive = archive }

  /// Makes a tensor that shares a storage with the others that name it.
  ///
  /// Everything is checked before libtorch sees it: no element lies outside of the storage.
  func tensor(in storage: StorageReference, offset: Int, shape: [Int], strides: [Int])
    throws(FileFailure) -> Tensor
  {
    let whole = try vector(storage)
    guard shape.count == strides.count, shape.count <= 64, offset >= 0,
      (shape + strides).allSatisfy({ $0 >= 0 }), let count = product(shape.filter { $0 > 0 })
    else { throw .damaged("it holds a tensor of the impossible shape \(shape)") }
    if shape.contains(0) { return Tensor(zeros: shape, dtype: storage.dtype) }
    guard let last = lastElement(offset, shape, strides), last < storage.count else {
      throw .damaged(
        "it holds a tensor of shape \(shape) with \(count) elements that goes beyond its memory of "
          + "\(storage.count)")
    }
    let tensor = Tensor(empty: [0], dtype: storage.dtype)
    setSource.run(.tensor(tensor), .tensor(whole), .int(offset), .ints(shape), .ints(strides))
    return tensor
  }

  /// The whole storage as one vector.
  private func vector(_ storage: StorageReference) throws(FileFailure) -> Tensor {
    let name = storage.key.quotedForMessage
    if let known = memory[storage.key] {
      guard known.dtype == storage.dtype, known.count == storage.count else {
        throw .damaged("its pickle names memory \(name) in two ways")
      }
      return known
    }
    guard let byteCount = archive.byteCount(ofStorage: storage.key) else {
      throw .damaged("it lacks the memory \(name) of a tensor")
    }
    guard product([storage.count, storage.dtype.byteCount]) == byteCount else {
      throw .damaged(
        "memory \(name) has \(byteCount) bytes, but its pickle says \(storage.count) elements of "
          + "\(storage.dtype)")
    }
    let vector = try allocate(storage)
    try archive.readStorage(
      storage.key,
      into: UnsafeMutableRawBufferPointer(start: vector.dataAddress, count: byteCount))
    memory[storage.key] = vector
    return vector
  }

  /// Memory for a storage.
  ///
  /// Its size is that of bytes in the file, but these may be a hole that takes
  /// no room on the disk, so the machine's memory is the limit.
  private func allocate(_ storage: StorageReference) throws(FileFailure) -> Tensor {
    guard storage.count <= StorageReader.machineByteCount / storage.dtype.byteCount else {
      throw .unsupported(
        "a tensor in it has \(storage.count) elements of \(storage.dtype), which is more than the "
          + "\(StorageReader.machineByteCount) bytes of this machine's memory")
    }
    do {
      return try catchingTorchErrors { Tensor(empty: [storage.count], dtype: storage.dtype) }
    } catch {
      throw .system(
        TorchError(
          .inputOutput,
          "there is no memory for the \(storage.count) elements of \(storage.dtype) of a tensor; "
            + "give the process more: \(error)"))
    }
  }

  /// `nil` when the product does not fit.
  private func product(_ factors: [Int]) -> Int? {
    var product = 1
    for factor in factors {
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      guard !overflow else { return nil }
      product = next
    }
    return product
  }

  /// The position of the last element of a tensor that has one; `nil` when it does not fit.
  private func lastElement(_ offset: Int, _ shape: [Int], _ strides: [Int]) -> Int? {
    var last = offset
    for (size, stride) in zip(shape, strides) {
      let (distance, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
      let (next, sumOverflow) = last.addingReportingOverflow(distance)
      guard !overflow, !sumOverflow else { return nil }
      last = next
    }
    return last
  }
}

private let setSource = Operator("aten::set_", "source_Tensor_storage_offset")
