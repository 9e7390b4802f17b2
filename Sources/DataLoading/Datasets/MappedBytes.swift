import Glibc

/// A memory-mapped file.
///
/// If another program truncates the file, access beyond the new end raises SIGBUS, as for any
/// mapping.
///
/// `@unchecked Sendable`: the memory is never written to.
final class MappedBytes: @unchecked Sendable {
  private let memory: UnsafeRawBufferPointer

  var count: Int { memory.count }

  init(_ path: String) throws(DataLoadingError) {
    func failure(_ what: String) -> DataLoadingError {
      DataLoadingError(
        .fileUnreadable,
        "could not \(what) the file: \(String(cString: strerror(errno))); check its path and "
          + "permissions",
        path: path)
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("read") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw DataLoadingError(
        .fileUnreadable, "this is not a regular file; copy it into one", path: path)
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

  /// Calls `body` with a part of the file; the range must be within the file.
  func with<Result, Failure: Error>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(rebasing: memory[range]))
  }

  /// Reads a little-endian integer, which must be within the file.
  func load<Value: FixedWidthInteger>(_ type: Value.Type, at offset: Int) -> Value {
    Value(littleEndian: memory.loadUnaligned(fromByteOffset: offset, as: type))
  }

  /// Returns the offset of the first line feed at or after `start`, or the end of the file.
  func lineEnd(from start: Int) -> Int {
    guard start < count, let base = memory.baseAddress,
      let found = memchr(base + start, 0x0A, count - start)
    else { return count }
    return UnsafeRawPointer(found) - base
  }

  /// Returns the offsets and the numbers, counted from 1, of all lines that are not blank.
  func lineStarts(from start: Int) -> [(offset: Int, line: Int)] {
    var starts: [(offset: Int, line: Int)] = []
    var offset = start
    var line = 1
    while offset < count {
      let end = lineEnd(from: offset)
      if memory[offset..<end].contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) {
        starts.append((offset, line))
      }
      offset = end + 1
      line += 1
    }
    return starts
  }
}
