/// A file in the format of PyTorch before 1.6: pickles, one after the other, and then the elements
/// of the storages.
final class LegacyFile: StorageSource {
  private let file: ReadableFile
  /// The storages, by their keys.
  private var storages: [String: StorageReference] = [:]
  /// The parts of storages, by their own keys.
  private var views: [String: StorageReference] = [:]

  /// The integer with which such a file begins, as pickled: 0x1950a86a20f9469cfc6c.
  private static let magicNumber: [UInt8] = [
    0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
  ]

  init(_ file: ReadableFile) { self.file = file }

  /// Reads the value of the file.
  func value() throws(FileFailure) -> PickleValue {
    var cursor = ByteCursor(file, 0..<file.byteCount)
    try checkHeader(&cursor)
    var unpickler = Unpickler(cursor, source: self)
    let root = try unpickler.run()
    cursor = unpickler.cursor
    let keys = try header(&cursor).elements
    guard let keys else { throw .damaged("the list of its storages is missing") }
    var unread = Set(storages.keys)
    for key in keys {
      guard let name = key.stringValue ?? key.intValue.map({ "\($0)" }),
        let storage = storages[name]
      else { throw .damaged("it contains a storage that no tensor refers to: \(key.shortText)") }
      try read(storage, name, &cursor)
      unread.remove(name)
    }
    if let name = unread.min() {
      throw .damaged("it does not contain the storage \(name.quotedForMessage) of a tensor")
    }
    return try unpickler.value(of: root)
  }

  func storage(_ name: StorageName) throws(FileFailure) -> StorageReference {
    guard name.storageClass != .type(.untypedStorage) else {
      throw .unsupported(
        "it contains a tensor of a type that PyTorch's format before 1.6 cannot represent, and "
          + "PyTorch does not read it either; save it again in PyTorch's current format")
    }
    let storage: StorageReference
    if let known = storages[name.key] {
      guard known.element == name.element else {
        throw .damaged(
          "its pickle refers to storage \(name.key.quotedForMessage) with two different types")
      }
      storage = known
    } else {
      // The elements are read after the pickle.
      guard let byteCount = name.byteCount, UInt64(byteCount) <= file.byteCount else {
        throw .damaged(
          "storage \(name.key.quotedForMessage) has \(name.count) elements of "
            + "\(name.element.name), "
            + "more than the file of \(file.byteCount) bytes; it may have been copied only in part")
      }
      storage = StorageReference(
        memory: try StorageMemory.allocate(byteCount: byteCount), element: name.element,
        storageClass: name.storageClass, count: name.count)
      storages[name.key] = storage
    }
    guard let view = name.view else { return storage }
    if let known = views[view.key] { return known }
    let (end, overflow) = view.offset.addingReportingOverflow(view.count)
    guard view.offset >= 0, view.count >= 0, !overflow, end <= storage.count else {
      throw .damaged("a part of storage \(name.key.quotedForMessage) extends beyond the storage")
    }
    var part = storage
    part.byteOffset = view.offset * name.element.byteCount
    part.count = view.count
    views[view.key] = part
    return part
  }

  private func checkHeader(_ cursor: inout ByteCursor) throws(FileFailure) {
    let first: PickleValue
    do throws(FileFailure) {
      first = try header(&cursor)
    } catch {
      switch error {
      case .unsupported(let reason), .damaged(let reason):
        throw .unsupported("it is a pickle, but not a file of PyTorch before 1.6: \(reason)")
      case .system: throw error
      }
    }
    guard case .opaque(let value) = first, case .integer(LegacyFile.magicNumber) = value.form else {
      throw .unsupported(
        "it is a pickle that torch.save did not write; load it in Python with pickle.load and save "
          + "its tensors, numbers and strings with torch.save")
    }
    guard try header(&cursor).intValue == 1001 else {
      throw .unsupported("its protocol version is not 1001, the one of PyTorch before 1.6")
    }
    _ = try header(&cursor)  // The byte order and the sizes of C types, which PyTorch ignores.
  }

  /// Reads a pickle without tensors.
  private func header(_ cursor: inout ByteCursor) throws(FileFailure) -> PickleValue {
    var unpickler = Unpickler(cursor, source: NoStorages())
    let root = try unpickler.run()
    cursor = unpickler.cursor
    return try unpickler.value(of: root)
  }

  /// Reads the number of elements of a storage, and the elements.
  private func read(_ storage: StorageReference, _ name: String, _ cursor: inout ByteCursor)
    throws(FileFailure)
  {
    let count: Int64 = try cursor.integer()
    guard count == storage.count else {
      throw .damaged(
        "storage \(name.quotedForMessage) has \(count) elements, but its pickle declares "
          + "\(storage.count)")
    }
    try cursor.read(into: StorageMemory.buffer(storage.memory), of: file)
  }
}

extension ByteCursor {
  /// Fills a buffer with the next bytes of the file, and skips them.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer, of file: ReadableFile)
    throws(FileFailure)
  {
    let start = position
    try skip(buffer.count)
    try file.read(at: start, into: buffer)
  }
}
