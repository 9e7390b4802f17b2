internal import Glibc

/// A file that is read in parts.
///
/// It is not mapped into memory: if another process truncates the file, a read fails, but an access
/// to a mapping would crash this process.
final class ReadableFile {
  let byteCount: UInt64
  private let path: String
  private let descriptor: Int32

  /// Opens a file.
  ///
  /// - Throws: ``FileFailure/system(_:)``; its message contains the path.
  init(path: String) throws(FileFailure) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(.system("cannot open", path)) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let error = TorchError.system("cannot read", path)
      close(descriptor)
      throw .system(error)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .system(TorchError(.inputOutput, "'\(path)' is not a regular file"))
    }
    self.path = path
    self.descriptor = descriptor
    byteCount = UInt64(status.st_size)
  }

  deinit { close(descriptor) }

  /// Fills a buffer with the bytes from `position` on.
  func read(at position: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws(FileFailure) {
    var done = 0
    while done < buffer.count {
      let next = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = pread(descriptor, next.baseAddress, next.count, off_t(position) + off_t(done))
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(.system("cannot read", path))
      }
      guard count > 0 else {
        throw .damaged("it was truncated while it was read")
      }
      done += count
    }
  }

  /// Returns the bytes of a range inside the file.
  func bytes(_ range: Range<UInt64>) throws(FileFailure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileFailure) in
      try read(at: range.lowerBound, into: UnsafeMutableRawBufferPointer(buffer))
    }
    return bytes
  }
}
