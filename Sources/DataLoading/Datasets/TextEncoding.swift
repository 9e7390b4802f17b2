/// Recognizes files that are not UTF-8 text by their first bytes.
enum TextEncoding {
  /// Returns the size of the UTF-8 byte order mark at the start of a file, or 0.
  static func byteOrderMark(_ bytes: UnsafeRawBufferPointer) -> Int {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// Returns a message with a remedy if a file is not UTF-8 text; otherwise `nil`.
  static func problem(_ bytes: UnsafeRawBufferPointer) -> String? {
    encodingProblem(bytes) ?? formatProblem(bytes)
  }

  /// Returns a message with a remedy if a text is UTF-16 or UTF-32; otherwise `nil`.
  static func encodingProblem(_ bytes: UnsafeRawBufferPointer) -> String? {
    func convert(_ encoding: String) -> String {
      "the file is \(encoding); convert it to UTF-8 (iconv -f \(encoding) -t UTF-8)"
    }
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
      return convert("UTF-32")
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return convert("UTF-16")
    }
    guard bytes.count >= 4 else { return nil }
    let zeros = (0..<4).map { bytes[$0] == 0 }
    if zeros == [false, true, false, true] { return convert("UTF-16LE") }
    if zeros == [true, false, true, false] { return convert("UTF-16BE") }
    return nil
  }

  /// Returns a message with a remedy if a file has another known format; otherwise `nil`.
  static func formatProblem(_ bytes: UnsafeRawBufferPointer) -> String? {
    for (magic, what, remedy) in signatures where bytes.starts(with: magic) {
      return "the file is \(what); \(remedy)"
    }
    return nil
  }

  private static let signatures: [(magic: [UInt8], what: String, remedy: String)] = [
    ([0x1F, 0x8B], "compressed with gzip", "decompress it (gunzip)"),
    ([0x28, 0xB5, 0x2F, 0xFD], "compressed with Zstandard", "decompress it (zstd -d)"),
    ([0x42, 0x5A, 0x68], "compressed with bzip2", "decompress it (bunzip2)"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed with xz", "decompress it (unxz)"),
    ([0x50, 0x4B, 0x03, 0x04], "a zip archive or spreadsheet", "unpack it or export it as CSV"),
    (Array("PAR1".utf8), "a Parquet file", "give it the extension .parquet"),
    (Array("ARROW1".utf8), "an Arrow file", "save it as Parquet"),
    (
      Array("version https://git-lfs".utf8), "a Git LFS pointer, not the data",
      "fetch the data (git lfs pull)"
    ),
    (Array("<!DOCTYPE".utf8), "an HTML page", "download the data again"),
    (Array("<!doctype".utf8), "an HTML page", "download the data again"),
    (Array("<html".utf8), "an HTML page", "download the data again"),
  ]
}
