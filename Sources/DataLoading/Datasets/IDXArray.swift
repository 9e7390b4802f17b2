import Glibc

/// An array of bytes in MNIST's IDX format, with or without gzip compression.
///
/// File format: two zero bytes, the element type, the number of dimensions, each dimension as a
/// 32-bit big-endian integer, and the elements in row-major order (LeCun, Cortes and Burges, "The
/// MNIST database").
public struct IDXArray: Sendable, Hashable {
  /// The shape, such as `[60000, 28, 28]`.
  public let shape: [Int]

  /// The elements in row-major order.
  public let bytes: [UInt8]

  /// Reads a file.
  ///
  /// - Throws: ``DataLoadingError`` with code `fileUnreadable`, `unsupported` if the elements are
  ///   not unsigned bytes, `malformedFile` if it is not an IDX file, is truncated or is too long.
  public init(contentsOf path: String) throws(DataLoadingError) {
    func malformed(_ what: String) -> DataLoadingError {
      DataLoadingError(.malformedFile, what, path: path)
    }
    let file = try GzipFile(path)
    let magic = try file.read(4)
    guard magic.count == 4, magic[0] == 0, magic[1] == 0, 1...8 ~= magic[3] else {
      throw malformed(
        "this is not an IDX file: it begins with the bytes \(magic); download it again")
    }
    guard magic[2] == 0x08 else {
      let names: [UInt8: String] = [
        0x09: "signed bytes", 0x0B: "16-bit integers", 0x0C: "32-bit integers",
        0x0D: "32-bit floats", 0x0E: "64-bit floats",
      ]
      guard let name = names[magic[2]] else {
        throw malformed(
          "this is not an IDX file: unknown element type \(magic[2]); download it again")
      }
      throw DataLoadingError(
        .unsupported,
        "the file holds \(name); only unsigned bytes are supported, so convert it", path: path)
    }
    let sizes = try file.read(4 * Int(magic[3]))
    guard sizes.count == 4 * Int(magic[3]) else {
      throw malformed("the file ends within its header; download it again")
    }
    shape = stride(from: 0, to: sizes.count, by: 4).map { start in
      sizes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow else { throw malformed("shape \(shape) does not fit in memory") }
      count = product
    }
    bytes = try file.read(count)
    guard bytes.count == count else {
      throw malformed(
        "the file is truncated: shape \(shape) needs \(count) bytes, but there are \(bytes.count); "
          + "download it again")
    }
    // Reading past the end also makes zlib verify the checksum.
    guard try file.read(1).isEmpty else {
      throw malformed(
        "the file is too long: data follows the \(count) bytes of shape \(shape); "
          + "download it again")
    }
  }
}
