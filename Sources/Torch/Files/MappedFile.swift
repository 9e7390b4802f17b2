internal import Glibc

/// A file's bytes, mapped into memory privately: writing to them does not change the file.
final class MappedFile {
  let bytes: UnsafeMutableRawBufferPointer

  /// - Throws: ``TorchError`` with code `inputOutput` that names the file.
  init(path: String) throws(TorchError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("cannot open", path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system("cannot read", path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw TorchError(.inputOutput, "'\(path)' is not a file")
    }
    let count = Int(status.st_size)
    guard count > 0 else {
      bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)
      return
    }
    guard
      let start = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0),
      start != MAP_FAILED
    else { throw .system("cannot map", path) }
    bytes = UnsafeMutableRawBufferPointer(start: start, count: count)
  }

  deinit {
    if let start = bytes.baseAddress { munmap(start, bytes.count) }
  }
}
