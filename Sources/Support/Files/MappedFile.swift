internal import Glibc

/// A file's bytes, mapped into memory privately: writing to them does not change the file.
package final class MappedFile {
  /// The file's content; empty for an empty file.
  package let bytes: UnsafeMutableRawBufferPointer

  /// Maps a regular file.
  ///
  /// - Throws: ``SystemError`` that names the file.
  package init(path: String) throws(SystemError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError("cannot open", path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemError("cannot read", path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw SystemError(message: "'\(path)' is not a regular file", number: EINVAL)
    }
    let count = Int(status.st_size)
    guard count > 0 else {
      bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)
      return
    }
    guard
      let start = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0),
      start != MAP_FAILED
    else { throw SystemError("cannot map", path) }
    bytes = UnsafeMutableRawBufferPointer(start: start, count: count)
  }

  deinit {
    if let start = bytes.baseAddress { munmap(start, bytes.count) }
  }
}
