/// A zip archive with the records of a PyTorch file.
struct PyTorchArchive {
  private let zip: ZipReader
  /// The folder in the archive that contains all records.
  private let root: String

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
        "it is a TorchScript program; save its state_dict() with torch.save in Python")
    }
    let version = Int(try text("version").filter { $0 != "\n" })
    guard let version, (1...10).contains(version) else {
      throw .unsupported(
        "its format version is not between 1 and 10, the versions that PyTorch 2.13 reads")
    }
    let byteOrder = zip.has("\(root)/byteorder") ? try text("byteorder") : "little"
    guard byteOrder == "little" else {
      throw .unsupported(
        "its byte order is big-endian; save it again on a little-endian machine")
    }
  }

  /// Reads the value of the file.
  func value() throws(FileFailure) -> PickleValue {
    guard (zip.byteCount(of: "\(root)/data.pkl") ?? 0) <= PyTorchArchive.maximumPickleSize else {
      throw .unsupported("its pickle is longer than 1 GiB; save large data as tensors")
    }
    let storages = StorageReader(archive: self)
    var unpickler = Unpickler(try zip.read("\(root)/data.pkl"), storages: storages)
    return try unpickler.value()
  }

  /// The size in bytes of the record of a storage; `nil` if there is none.
  func byteCount(ofStorage key: String) -> Int? { zip.byteCount(of: "\(root)/data/\(key)") }

  func readStorage(_ key: String, into buffer: UnsafeMutableRawBufferPointer) throws(FileFailure) {
    try zip.read("\(root)/data/\(key)", into: buffer)
  }

  /// Reads a short text record.
  private func text(_ name: String) throws(FileFailure) -> String {
    guard let count = zip.byteCount(of: "\(root)/\(name)"), count <= 64 else {
      throw .damaged("its record \(name) is missing or longer than 64 bytes")
    }
    return String(decoding: try zip.read("\(root)/\(name)"), as: UTF8.self)
  }
}
