internal import Glibc

/// A reference to a storage in a pickle.
struct StorageReference {
  var key: String
  var dtype: DType
  /// The number of elements.
  var count: Int
}

/// Reads each storage once and creates the tensors that share it.
final class StorageReader {
  private let archive: PyTorchArchive
  /// The storages that were read, each as a vector.
  private var vectors: [String: Tensor] = [:]

  /// The size of this machine's memory.
  private static let memoryByteCount =
    sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))

  init(archive: PyTorchArchive) { self.archive = archive }

  /// Creates a tensor that shares its storage with the other tensors that refer to it.
  ///
  /// - Throws: ``FileFailure/damaged(_:)`` if an element is outside of the storage. Arguments are
  ///   checked before libtorch receives them.
  func tensor(in storage: StorageReference, offset: Int, shape: [Int], strides: [Int])
    throws(FileFailure) -> Tensor
  {
    let whole = try vector(storage)
    guard shape.count == strides.count, shape.count <= 64, offset >= 0,
      (shape + strides).allSatisfy({ $0 >= 0 }), let count = product(shape.filter { $0 > 0 })
    else { throw .damaged("it contains a tensor with the invalid shape \(shape)") }
    if shape.contains(0) { return Tensor(zeros: shape, dtype: storage.dtype) }
    guard let last = lastElement(offset, shape, strides), last < storage.count else {
      throw .damaged(
        "it contains a tensor of shape \(shape) with \(count) elements that exceeds its storage of "
          + "\(storage.count) elements")
    }
    let tensor = Tensor(empty: [0], dtype: storage.dtype)
    setSource.run(.tensor(tensor), .tensor(whole), .int(offset), .ints(shape), .ints(strides))
    return tensor
  }

  /// Returns a whole storage as a vector.
  private func vector(_ storage: StorageReference) throws(FileFailure) -> Tensor {
    let name = storage.key.quotedForMessage
    if let known = vectors[storage.key] {
      guard known.dtype == storage.dtype, known.count == storage.count else {
        throw .damaged("its pickle refers to storage \(name) with two different types or sizes")
      }
      return known
    }
    guard let byteCount = archive.byteCount(ofStorage: storage.key) else {
      throw .damaged("it does not contain the storage \(name) of a tensor")
    }
    guard product([storage.count, storage.dtype.byteCount]) == byteCount else {
      throw .damaged(
        "storage \(name) has \(byteCount) bytes, but its pickle declares \(storage.count) elements "
          + "of \(storage.dtype)")
    }
    let vector = try allocate(storage)
    try archive.readStorage(
      storage.key,
      into: UnsafeMutableRawBufferPointer(start: vector.dataAddress, count: byteCount))
    vectors[storage.key] = vector
    return vector
  }

  /// Allocates memory for a storage.
  ///
  /// The file has as many bytes, but they may be a hole that uses no disk space. The machine's
  /// memory is therefore the limit.
  private func allocate(_ storage: StorageReference) throws(FileFailure) -> Tensor {
    guard storage.count <= StorageReader.memoryByteCount / storage.dtype.byteCount else {
      throw .unsupported(
        "it contains a storage of \(storage.count) elements of \(storage.dtype), which exceeds the "
          + "\(StorageReader.memoryByteCount) bytes of this machine's memory")
    }
    do {
      return try catchingTorchErrors { Tensor(empty: [storage.count], dtype: storage.dtype) }
    } catch {
      throw .system(
        TorchError(
          .inputOutput,
          "cannot allocate memory for a storage of \(storage.count) elements of \(storage.dtype): "
            + "\(error); raise the memory limit of the process"))
    }
  }

  /// Returns the product, or `nil` on overflow.
  private func product(_ factors: [Int]) -> Int? {
    var product = 1
    for factor in factors {
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      guard !overflow else { return nil }
      product = next
    }
    return product
  }

  /// Returns the offset of the last element of a nonempty tensor, or `nil` on overflow.
  private func lastElement(_ offset: Int, _ shape: [Int], _ strides: [Int]) -> Int? {
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
