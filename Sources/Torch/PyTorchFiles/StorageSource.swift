/// The memory that tensors of a file share: a range of a vector of bytes.
struct StorageReference {
  /// The bytes of the whole allocation, a vector of uint8.
  var memory: Tensor
  /// The type of the elements.
  var element: PickleElement
  /// The class of the storage in Python.
  var storageClass: PickleGlobal
  /// The position of the first element in the allocation.
  var byteOffset = 0
  /// The number of elements.
  var count: Int
}

/// A pickle's reference to a storage.
struct StorageName {
  var storageClass: PickleGlobal
  var element: PickleElement
  var key: String
  /// The number of elements.
  var count: Int
  /// The part of the storage to use, in the format before PyTorch 1.6; `nil` for the whole storage.
  var view: View?

  struct View {
    var key: String
    var offset: Int
    var count: Int
  }

  /// The size in bytes; `nil` on overflow.
  var byteCount: Int? {
    let (product, overflow) = count.multipliedReportingOverflow(by: element.byteCount)
    return overflow || count < 0 ? nil : product
  }
}

/// Resolves a pickle's references to storages; each file format implements it.
protocol StorageSource: AnyObject {
  /// Whether a tuple in place of a storage is resolved like a persistent ID.
  var acceptsNamesAsStorages: Bool { get }

  /// Returns a storage.
  func storage(_ name: StorageName) throws(FileFailure) -> StorageReference

  /// Returns the tensor or storage with a number, in a tar archive.
  func value(_ number: Int) throws(FileFailure) -> PickleGraph.Item
}

extension StorageSource {
  var acceptsNamesAsStorages: Bool { false }

  func value(_ number: Int) throws(FileFailure) -> PickleGraph.Item {
    throw .damaged("its pickle refers to a storage in a form that torch.save does not write")
  }
}

/// For a pickle that must not refer to storages, such as the header of a file.
final class NoStorages: StorageSource {
  func storage(_ name: StorageName) throws(FileFailure) -> StorageReference {
    throw .damaged("its header refers to a storage")
  }
}
