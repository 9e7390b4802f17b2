import Glibc

/// Writes the files of ``CachedDataset``.
enum CacheFile {
  /// Several consecutive samples.
  struct Part: Sendable {
    var bytes: [UInt8] = []
    /// The end offset of each sample in `bytes`.
    var ends: [Int] = []
  }

  /// Computes the samples in parts on all cores and writes them in order.
  ///
  /// Only a few parts are in memory at a time, so the data set may be larger than memory.
  static func write(
    _ path: String, key: ContentKey, rows: Int,
    _ part: @escaping @Sendable (Range<Int>) throws -> Part,
    progress: @Sendable (Int) -> Void
  ) throws {
    // Only the lock holder writes this file; it overwrites the remains of a killed process.
    let temporary = "\(path).partial"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("create", temporary) }
    var isDone = false
    defer {
      close(descriptor)
      if !isDone { unlink(temporary) }
    }
    var ends: [UInt64] = []
    ends.reserveCapacity(rows)
    var end = 0
    let first = CacheFormat.endOffset(of: rows)
    let parts = InMemoryDataset(
      stride(from: 0, to: rows, by: 64).map { $0..<min($0 + 64, rows) })
    let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let loader = try DataLoader(
      parts, batches: BatchSampler(SequentialSampler(count: parts.count), batchSize: 1),
      workers: cores, prefetch: 2 * cores
    ) { try $0.map(part) }
    let batches = try loader.batches()
    while let part = try batches.next()?.first {
      try write(part.bytes, at: first + end, descriptor, temporary)
      ends += part.ends.lazy.map { UInt64(end + $0).littleEndian }
      end += part.bytes.count
      progress(ends.count)
    }
    var head = CacheFormat.head(key)
    withUnsafeBytes(of: UInt64(rows).littleEndian) { head.append(contentsOf: $0) }
    ends.withUnsafeBytes { head.append(contentsOf: $0) }
    try write(head, at: 0, descriptor, temporary)
    guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
      throw failure("finish", temporary)
    }
    isDone = true
  }

  /// Runs `body` while holding a file lock, which the system releases when the process exits.
  static func withLock<Result>(
    _ path: String, timeout: Duration, _ body: () throws -> Result
  ) throws -> Result {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("create", path) }
    defer { close(descriptor) }
    let deadline = ContinuousClock.now + timeout
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else { throw failure("lock", path) }
      guard ContinuousClock.now < deadline else {
        throw DataLoadingError(
          .timedOut,
          "another process has been building this cache for longer than \(timeout): check "
            + "whether it "
            + "hangs, or raise the timeout", path: path)
      }
      usleep(20_000)
    }
    return try body()
  }

  static func createFolder(_ path: String) throws(DataLoadingError) {
    var parent = ""
    for name in path.split(separator: "/", omittingEmptySubsequences: false) {
      parent += parent.isEmpty && !path.hasPrefix("/") ? String(name) : "/\(name)"
      if parent == "/" || name.isEmpty { continue }
      guard mkdir(parent, 0o755) == 0 || errno == EEXIST else { throw failure("create", parent) }
    }
  }

  private static func write(
    _ bytes: [UInt8], at offset: Int, _ descriptor: Int32, _ path: String
  ) throws(DataLoadingError) {
    var done = 0
    while done < bytes.count {
      let wrote = bytes.withUnsafeBytes { buffer in
        pwrite(descriptor, buffer.baseAddress.map { $0 + done }, bytes.count - done, offset + done)
      }
      if wrote < 0, errno == EINTR { continue }
      guard wrote > 0 else { throw failure("write", path) }
      done += wrote
    }
  }

  private static func failure(_ what: String, _ path: String) -> DataLoadingError {
    DataLoadingError(
      .fileUnwritable, "could not \(what) the file: \(String(cString: strerror(errno)))",
      path: path)
  }
}
