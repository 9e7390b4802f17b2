/// A zip archive with the records of a PyTorch file.
final class PyTorchArchive: StorageSource {
  private let zip: ZipReader
  /// The folder in the archive that contains all records.
  private let root: String
  private let isBigEndian: Bool
  /// The storages that were read.
  private var known: [String: StorageReference] = [:]

  /// The maximum size of a pickle, in bytes; it is read into memory as a whole.
  private static let maximumPickleSize = 1 << 30

  init(_ file: ReadableFile) throws(FileFailure) {
    zip = try ZipReader(file)
    root = String(zip.firstName.prefix { $0 != "/" })
    guard zip.has("\(root)/data.pkl") else {
      throw .damaged("it is a zip archive without the record data.pkl")
    }
    guard !zip.has("\(root)/constants.pkl") else {
      throw .unsupported(
        "it is a TorchScript program, which torch.load(weights_only=True) does not read either; "
          + "load it in Python with torch.jit.load and save its state_dict() with torch.save")
    }
    let name = zip.has("\(root)/.data/version") ? ".data/version" : "version"
    let text = try PyTorchArchive.text("\(root)/\(name)", in: zip)
    let version = Int(text.filter { $0 != "\n" })
    guard let version, (1...10).contains(version) else {
      throw .unsupported(
        "its format version is not between 1 and 10, the versions that PyTorch 2.13 reads")
    }
    let order =
      zip.has("\(root)/byteorder")
      ? try PyTorchArchive.text("\(root)/byteorder", in: zip) : "little"
    guard order == "little" || order == "big" else {
      throw .damaged("its byte order is \(order.quotedForMessage), not 'little' or 'big'")
    }
    isBigEndian = order == "big"
  }

  /// Reads the value of the file.
  func value() throws(FileFailure) -> PickleValue {
    guard (zip.byteCount(of: "\(root)/data.pkl") ?? 0) <= PyTorchArchive.maximumPickleSize else {
      throw .unsupported("its pickle is longer than 1 GiB; save large data as tensors")
    }
    var unpickler = Unpickler(ByteCursor(try zip.read("\(root)/data.pkl")), source: self)
    let root = try unpickler.run()
    guard unpickler.cursor.remaining == 0 else {
      throw .damaged("its pickle does not end with exactly one value")
    }
    return try unpickler.value(of: root)
  }

  func storage(_ storage: StorageName) throws(FileFailure) -> StorageReference {
    let name = storage.key.quotedForMessage
    if let known = known[storage.key] {
      guard known.element == storage.element, known.count == storage.count else {
        throw .damaged("its pickle refers to storage \(name) with two different types or sizes")
      }
      return known
    }
    let record = "\(root)/data/\(storage.key)"
    guard let byteCount = zip.byteCount(of: record) else {
      throw .damaged("it does not contain the storage \(name) of a tensor")
    }
    guard storage.byteCount == byteCount else {
      throw .damaged(
        "storage \(name) has \(byteCount) bytes, but its pickle declares \(storage.count) elements "
          + "of \(storage.element.name)")
    }
    let memory = try StorageMemory.allocate(byteCount: byteCount)
    try zip.read(record, into: StorageMemory.buffer(memory))
    if isBigEndian { StorageMemory.swapBytes(memory, storage.element) }
    let reference = StorageReference(
      memory: memory, element: storage.element, storageClass: storage.storageClass,
      count: storage.count)
    known[storage.key] = reference
    return reference
  }

  /// Reads a short text record.
  private static func text(_ name: String, in zip: ZipReader) throws(FileFailure) -> String {
    guard let count = zip.byteCount(of: name), count <= 64 else {
      let name = name.drop { $0 != "/" }.dropFirst()
      throw .damaged("its record \(name) is missing or longer than 64 bytes")
    }
    return String(decoding: try zip.read(name), as: UTF8.self)
  }
}
