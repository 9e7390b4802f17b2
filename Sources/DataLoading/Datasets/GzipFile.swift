import Glibc

/// A file that is read through zlib, compressed or not.
///
/// zlib is loaded at run time: every Debian system has the library, but few have its headers.
final class GzipFile {
  private let path: String
  private let zlib: Zlib
  private let handle: OpaquePointer

  init(_ path: String) throws(DataLoadingError) {
    guard let zlib = Zlib.shared else {
      throw DataLoadingError(
        .unsupported, "cannot load zlib (libz.so.1): install it (Debian: zlib1g)",
        path: path)
    }
    guard let handle = zlib.open(path, "rbe") else {
      throw DataLoadingError(
        .fileUnreadable, "could not open the file: \(String(cString: strerror(errno)))", path: path)
    }
    self.path = path
    self.zlib = zlib
    self.handle = handle
  }

  deinit { _ = zlib.close(handle) }

  /// Reads up to `count` decompressed bytes; returns fewer at the end of the file.
  ///
  /// Memory grows with the bytes that exist, not with `count`.
  func read(_ count: Int) throws(DataLoadingError) -> [UInt8] {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: min(count, 1 << 20))
    while bytes.count < count {
      let byteCount = zlib.read(handle, &part, UInt32(min(count - bytes.count, part.count)))
      guard byteCount >= 0 else { throw damaged() }
      if byteCount == 0 { break }
      bytes += part[..<Int(byteCount)]
    }
    return bytes
  }

  private func damaged() -> DataLoadingError {
    var code: Int32 = 0
    let message = zlib.error(handle, &code).map { String(cString: $0) } ?? "unknown"
    let isSystemError = code == -1
    return DataLoadingError(
      isSystemError ? .fileUnreadable : .malformedFile,
      isSystemError
        ? "could not read the file: \(String(cString: strerror(errno)))"
        : "the gzip file is damaged or truncated (\(message)); download it again", path: path)
  }
}

/// The functions of `zlib.h` that are used.
private struct Zlib: Sendable {
  let open: @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>) -> OpaquePointer?
  let read: @convention(c) (OpaquePointer, UnsafeMutableRawPointer, UInt32) -> Int32
  let error: @convention(c) (OpaquePointer, UnsafeMutablePointer<Int32>) -> UnsafePointer<CChar>?
  let close: @convention(c) (OpaquePointer) -> Int32

  static let shared = Zlib()

  private init?() {
    guard let library = dlopen("libz.so.1", RTLD_NOW | RTLD_LOCAL),
      let open = dlsym(library, "gzopen"), let read = dlsym(library, "gzread"),
      let error = dlsym(library, "gzerror"), let close = dlsym(library, "gzclose")
    else { return nil }
    self.open = unsafeBitCast(open, to: type(of: self.open))
    self.read = unsafeBitCast(read, to: type(of: self.read))
    self.error = unsafeBitCast(error, to: type(of: self.error))
    self.close = unsafeBitCast(close, to: type(of: self.close))
  }
}
