internal import Glibc
internal import Support
internal import Synchronization

extension ErrorRecord {
  /// The files to which this process has written its first record.
  private static let written = Mutex<Set<String>>([])

  /// Writes the record to the launcher's error file, which the launcher reports.
  ///
  /// The first record of a worker is its cause of failure, so a later one does not replace it.
  /// Without a launcher the function does nothing. It logs an error instead of throwing it, because
  /// the process is about to exit with a more important one. The file is written completely or not
  /// at all.
  ///
  /// - Returns: Whether the record was written.
  @discardableResult
  public func writeToErrorFile() -> Bool {
    guard let path = WorkerVariable.errorFile.value else { return false }
    do {
      return try writeFirst(toFile: path)
    } catch {
      Log.warning("\(error)")
      return false
    }
  }

  /// Writes the record to a file, atomically; replaces an existing file.
  ///
  /// - Throws: ``WorkerError`` if the folder does not exist or cannot be written.
  public func write(toFile path: String) throws(WorkerError) {
    let partial = try writePartial(of: path)
    defer { unlink(partial) }  // has no effect after the rename
    guard rename(partial, path) == 0 else { throw .unwritable(path, errno) }
  }

  /// Writes the record to a file, atomically, unless the file contains a record of this run.
  ///
  /// An empty file is replaced, and so is a file that is older than this process: an error file
  /// that was set without a launcher may contain the failure of an earlier run.
  ///
  /// - Returns: Whether the record was written.
  /// - Throws: ``WorkerError`` if the folder does not exist or cannot be written.
  package func writeFirst(toFile path: String) throws(WorkerError) -> Bool {
    try Self.written.withLock { (written) throws(WorkerError) in
      if written.contains(path) { return false }
      let partial = try writePartial(of: path)
      defer { unlink(partial) }
      if link(partial, path) != 0 {
        // The file exists, or the file system has no hard links.
        guard [EEXIST, EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(errno) else {
          throw .unwritable(path, errno)
        }
        if Self.isOfThisRun(path) { return false }
        guard rename(partial, path) == 0 else { throw .unwritable(path, errno) }
      }
      written.insert(path)
      return true
    }
  }

  /// Whether a file was written after this process started, and is not empty.
  private static func isOfThisRun(_ path: String) -> Bool {
    var info = stat()
    guard stat(path, &info) == 0, info.st_size > 0 else { return false }
    let written = Double(info.st_mtim.tv_sec) + Double(info.st_mtim.tv_nsec) / 1e9
    return ProcessStart.time.map { written >= $0 - 0.02 } ?? true  // file times are coarse
  }

  /// Writes the record to a new file beside `path`; returns that file's path.
  private func writePartial(of path: String) throws(WorkerError) -> String {
    let partial = "\(path).\(getpid())"
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .unwritable(path, errno) }
    var bytes = json[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes = bytes.dropFirst(count)
      } else if errno != EINTR {
        let reason = errno
        close(descriptor)
        unlink(partial)
        throw .unwritable(path, reason)
      }
    }
    guard close(descriptor) == 0 else {
      let reason = errno
      unlink(partial)
      throw .unwritable(path, reason)
    }
    return partial
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
