import Glibc

/// An append-only file of whole records.
///
/// ``append(_:)`` passes each record to the operating system before it returns, so a killed process
/// loses at most the record that it was writing. If a record cannot be written in full (the disk is
/// full, say), the file is truncated to its previous size, so that later records stay readable.
final class RecordFile {
  let path: String
  private let descriptor: Int32
  private var size: off_t

  private init(descriptor: Int32, path: String, size: off_t) {
    self.descriptor = descriptor
    self.path = path
    self.size = size
  }

  deinit { close(descriptor) }

  /// Creates a file; returns `nil` if it already exists.
  static func create(_ path: String) throws(TrainingError) -> RecordFile? {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    if descriptor < 0 && errno == EEXIST { return nil }
    guard descriptor >= 0 else { throw .record("cannot create", path) }
    return RecordFile(descriptor: descriptor, path: path, size: 0)
  }

  /// Opens a file of lines for appending, or creates it; removes an incomplete last line.
  static func openLines(_ path: String) throws(TrainingError) -> RecordFile {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .record("cannot write", path) }
    let file = RecordFile(descriptor: descriptor, path: path, size: lseek(descriptor, 0, SEEK_END))
    file.size = file.endOfLastLine()
    guard file.size >= 0, ftruncate(descriptor, file.size) == 0 else {
      throw .record("cannot write", path)
    }
    return file
  }

  /// Appends a record in full, or leaves the file unchanged.
  func append(_ record: [UInt8]) throws(TrainingError) {
    let written = record.withUnsafeBytes { record in
      var count = 0
      while count < record.count {
        let next = UnsafeRawBufferPointer(rebasing: record[count...])
        let result = pwrite(descriptor, next.baseAddress, next.count, size + off_t(count))
        if result < 0 && errno == EINTR { continue }
        guard result > 0 else { return false }
        count += result
      }
      return true
    }
    guard written else {
      let error = TrainingError.record("cannot write", path)
      ftruncate(descriptor, size)
      throw error
    }
    size += off_t(record.count)
  }

  /// The size of the file without an incomplete last line; -1 if it cannot be read.
  private func endOfLastLine() -> off_t {
    var end = size
    var chunk = [UInt8](repeating: 0, count: 4096)
    while end > 0 {
      let start = max(0, end - off_t(chunk.count))
      guard pread(descriptor, &chunk, Int(end - start), start) == Int(end - start) else {
        return -1
      }
      if let newline = chunk[..<Int(end - start)].lastIndex(of: 0x0A) {
        return start + off_t(newline) + 1
      }
      end = start
    }
    return 0
  }
}

extension TrainingError {
  /// The error for a failed system call on a metrics file; reads `errno`.
  static func record(_ what: String, _ path: String) -> TrainingError {
    .system(
      what, path, remedy: "write metrics to an existing, writable folder with free space")
  }
}
