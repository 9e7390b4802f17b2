/// The format of a PyTorch file, which its first bytes show.
enum FileFormat {
  /// A zip archive, PyTorch's format since 1.6.
  case zip
  /// A tar archive, PyTorch's format before 0.2.
  case tar(TarFile)
  /// Pickles and storages, one after the other, PyTorch's format before 1.6.
  case pickles

  /// Recognizes the format.
  ///
  /// - Throws: A failure that names the format of any other file.
  init(of file: ReadableFile) throws(FileFailure) {
    guard file.byteCount > 0 else { throw .damaged("it has 0 bytes") }
    let start = try file.bytes(0..<min(file.byteCount, 512))
    if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
      self = .zip
    } else if let tar = try TarFile(file) {
      self = .tar(tar)
    } else if start[0] == 0x80, start.count > 1, start[1] <= 5 {
      self = .pickles
    } else {
      throw FileFormat.failure(start, byteCount: file.byteCount)
    }
  }

  private static func failure(_ start: [UInt8], byteCount: UInt64) -> FileFailure {
    let text = String(decoding: start, as: UTF8.self)
    let trimmed = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.lowercased()
    func isText(_ prefixes: String...) -> Bool { prefixes.contains { trimmed.hasPrefix($0) } }
    if isText("version https://git-lfs.github.com") {
      return .unsupported(
        "it is a Git LFS pointer, not the file itself; fetch the file with `git lfs pull`")
    }
    if isText("<!doctype", "<html", "<?xml", "<head") {
      return .unsupported(
        "it is a web page, such as a server's error or login page; download the file again, with "
          + "the access that it requires")
    }
    let signatures: [([UInt8], String)] = [
      ([0x50, 0x4B, 0x05, 0x06], "an empty zip archive"), ([0x1F, 0x8B], "compressed with gzip"),
      ([0x42, 0x5A, 0x68], "compressed with bzip2"),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed with xz"),
      ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd"),
      ([0x93] + Array("NUMPY".utf8), "a NumPy array"),
      ([0x89] + Array("HDF".utf8), "an HDF5 file"), (Array("GGUF".utf8), "a GGUF file"),
      (Array("PAR1".utf8), "a Parquet file"),
    ]
    for (signature, name) in signatures where start.starts(with: signature) {
      return .unsupported(
        name.hasPrefix("compressed")
          ? "it is \(name); decompress it first"
          : "it is \(name), not a file that torch.save wrote")
    }
    // The header of safetensors: its length, and a JSON object.
    if start.count > 8, start[8] == UInt8(ascii: "{") {
      let length = start[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      if length < byteCount {
        return .unsupported("it is a safetensors file; read it with Safetensors.read")
      }
    }
    if start.starts(with: [0x50, 0x4B]) {
      return .damaged("it is a damaged zip archive, possibly because it was copied only in part")
    }
    if start.allSatisfy({ $0 == 0 }) {
      return .damaged(
        "it is not a zip archive, a tar archive or a pickle: its first \(start.count) bytes are 0")
    }
    let bytes = start.prefix(4).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return .damaged(
      "it is not a zip archive, a tar archive or a pickle; it has \(byteCount) bytes and begins "
        + "with "
        + "\(bytes.joined(separator: " "))")
  }
}
