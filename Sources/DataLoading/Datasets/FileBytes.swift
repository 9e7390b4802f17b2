import Glibc

/// Reads whole files.
enum FileBytes {
  /// Returns the bytes of a file.
  static func read(_ path: String) throws(DataLoadingError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(path) }
    var problem: DataLoadingError?
    // The size of a pipe is 0, so read until a chunk is not full.
    var chunk = max(Int(status.st_size) + 1, 1 << 16)
    var bytes: [UInt8] = []
    while chunk > 0 {
      let part = [UInt8](unsafeUninitializedCapacity: chunk) { buffer, count in
        while count < buffer.count {
          let start = buffer.baseAddress?.advanced(by: count)
          let got = Glibc.read(descriptor, start, buffer.count - count)
          if got < 0, errno == EINTR { continue }
          if got < 0 { problem = failure(path) }
          if got <= 0 { return }
          count += got
        }
      }
      if let problem { throw problem }
      chunk = part.count == chunk ? chunk : 0
      bytes = bytes.isEmpty ? part : bytes + part
    }
    return bytes
  }

  private static func failure(_ path: String) -> DataLoadingError {
    DataLoadingError(
      .fileUnreadable,
      "could not read the file: \(String(cString: strerror(errno))); check its path and "
        + "permissions",
      path: path)
  }
}
