/// A zip archive with the records that PyTorch gives it.
struct PyTorchArchive {
  private let zip: ZipReader
  /// The folder in the archive that holds all records.
  private let root: String

  /// The largest pickle that is read, in bytes; it is read as a whole.
  private static let largestPickle = 1 << 30

  init(_ file: ReadableFile) throws(FileFailure) {
    zip = try ZipReader(file)
    root = String(zip.firstName.prefix { $0 != "/" })
    guard zip.has("\(root)/data.pkl") else {
      throw .damaged("it is a zip archive without the record data.pkl")
    }
    guard !zip.has("\(root)/constants.pkl") else {
      throw .unsupported(
        "it is a TorchScript program; in Python, save its state_dict() with torch.save")
    }
    let version = Int(try text("version").filter { $0 != "\n" })
    guard let version, (1...10).contains(version) else {
      throw .unsupported("its format version is not one of 1 to 10, which PyTorch 2.13 reads")
    }
    let byteOrder = zip.has("\(root)/byteorder") ? try text("byteorder") : "little"
    guard byteOrder == "little" else {
      throw .unsupported(
        "its numbers are big-endian; save it again on a little-endian machine")
    }
  }

  /// What the file holds.
  func value() throws(FileFailure) -> PickleValue {
    guard (zip.byteCount(of: "\(root)/data.pkl") ?? 0) <= PyTorchArchive.largestPickle else {
      throw .unsupported("its pickle is longer than 1 GiB; save large data as tensors")
    }
    let storages = StorageReader(archive: self)
    var unpickler = Unpickler(try zip.read("\(root)/data.pkl"), storages: storages)
    return try unpickler.value()
  }

  /// The size of the record of a storage in bytes; `nil` when there is none.
  func byteCount(ofStorage key: String) -> Int? { zip.byteCount(of: "\(root)/data/\(key)") }

  func readStorage(_ key: String, into buffer: UnsafeMutableRawBufferPointer) throws(FileFailure) {
    try zip.read("\(root)/data/\(key)", into: buffer)
  }

  /// A small record.
  private func text(_ name: String) throws(FileFailure) -> String {
    guard let count = zip.byteCount(of: "\(root)/\(name)"), count <= 64 else {
      throw .damaged("it has no proper record \(name)")
    }
    return String(decoding: try zip.read("\(root)/\(name)"), as: UTF8.self)
  }
}
