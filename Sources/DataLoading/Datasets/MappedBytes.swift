import Glibc

/// A file in memory without having been read: the system brings in what is looked at, and may drop it again.
///
/// `@unchecked Sendable`: the memory is never written to. A file that another program shortens meanwhile
/// ends this one with SIGBUS, as with every mapped file.
final class MappedBytes: @unchecked Sendable {
  private let memory: UnsafeRawBufferPointer

  var count: Int { memory.count }

  init(_ path: String) throws(DataLoadingError) {
    func failure(_ what: String) -> DataLoadingError {
      DataLoadingError(
        .fileUnreadable, "could not \(what) the file: \(String(cString: strerror(errno)))",
        path: path)
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("read") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw DataLoadingError(.fileUnreadable, "this is not a regular file", path: path)
    }
    guard status.st_size > 0 else {
      memory = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    let size = Int(status.st_size)
    guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
    else { throw failure("map") }
    memory = UnsafeRawBufferPointer(start: start, count: size)
  }

  deinit {
    if let start = memory.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), count) }
  }

  subscript(index: Int) -> UInt8 { memory[index] }

  /// A part of the file; the range has to lie in it.
  func with<Result, Failure: Error>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(rebasing: memory[range]))
  }

  /// A little-endian number, which has to lie in the file.
  func load<Value: FixedWidthInteger>(_ type: Value.Type, at offset: Int) -> Value {
    Value(littleEndian: memory.loadUnaligned(fromByteOffset: offset, as: type))
  }

  /// The place of the next line feed at or behind a place.
  func lineEnd(from start: Int) -> Int {
    guard start < count, let base = memory.baseAddress,
      let found = memchr(base + start, 0x0A, count - start)
    else { return count }
    return UnsafeRawPointer(found) - base
  }
}
