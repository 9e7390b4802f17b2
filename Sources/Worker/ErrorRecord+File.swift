internal import Glibc
internal import Support

extension ErrorRecord {
  /// Writes the record to the launcher's error file, which the launcher reports.
  ///
  /// Without a launcher it does nothing. It logs an error instead of throwing it, because the
  /// process is about to exit with a more important one. The file is written completely or not at
  /// all.
  ///
  /// - Returns: Whether the record was written.
  @discardableResult
  public func writeToErrorFile() -> Bool {
    guard let path = WorkerVariable.errorFile.value else { return false }
    do {
      try write(toFile: path)
      return true
    } catch {
      Log.warning("\(error)")
      return false
    }
  }

  /// Writes the record to a file, atomically; replaces an existing file.
  ///
  /// - Throws: ``WorkerError`` if the folder does not exist or cannot be written.
  public func write(toFile path: String) throws(WorkerError) {
    let partial = "\(path).\(getpid())"
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .unwritable(path, errno) }
    defer { unlink(partial) }  // has no effect after the rename

    var bytes = json[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes = bytes.dropFirst(count)
      } else if errno != EINTR {
        let reason = errno
        close(descriptor)
        throw .unwritable(path, reason)
      }
    }
    guard close(descriptor) == 0, rename(partial, path) == 0 else { throw .unwritable(path, errno) }
  }

  /// Reads the record in a file, of a Swift or Python worker.
  ///
  /// Content that is not in torchelastic's format is not an error: it becomes the ``message``.
  ///
  /// - Throws: ``WorkerError`` if the file does not exist, is empty or cannot be read.
  public init(contentsOfFile path: String) throws(WorkerError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path, errno) }
    defer { close(descriptor) }

    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16384)
    while content.count < Self.readLimit {
      let count = read(descriptor, &chunk, chunk.count)
      if count == 0 { break }
      if count > 0 {
        content += chunk[..<count]
      } else if errno != EINTR {
        throw .unreadable(path, errno)
      }
    }
    guard !content.isEmpty else { throw .empty(path) }
    self.init(json: content)
  }

  /// The maximum number of bytes to read, more than any error message needs.
  private static var readLimit: Int { 4 << 20 }
}
