import Glibc

/// An open file with an advisory lock (`flock`), which is released with the value.
package struct LockedFile: ~Copyable {
  /// Whether other readers may hold the lock at the same time.
  package enum Access { case shared, exclusive }

  /// Why a call failed.
  package enum Failure: Error {
    /// A call of the operating system failed.
    case system(call: String, errno: Int32)
    /// Another process held the lock until the deadline.
    case timedOut
  }

  /// Distinguishes the file from a later one at the same path.
  package struct Identity: Equatable, Sendable {
    private let device: UInt
    private let inode: UInt

    init(_ status: stat) {
      device = UInt(status.st_dev)
      inode = UInt(status.st_ino)
    }
  }

  private let descriptor: Int32

  /// Opens the file, creates it if it is missing, and waits for the lock.
  package init(path: String, _ access: Access, before deadline: Deadline) throws(Failure) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system(call: "open", errno: errno) }
    do throws(Failure) {
      try Self.lock(descriptor, access == .shared ? LOCK_SH : LOCK_EX, before: deadline)
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  private static func lock(
    _ descriptor: Int32, _ operation: Int32, before deadline: Deadline
  ) throws(Failure) {
    var pause: UInt32 = 100
    while flock(descriptor, operation | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        throw .system(call: "flock", errno: errno)
      }
      guard !deadline.hasPassed else { throw .timedOut }
      usleep(pause)
      pause = min(pause * 2, 10_000)
    }
  }

  /// Returns the file's identity and its size in bytes.
  package func status() throws(Failure) -> (identity: Identity, size: Int) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(call: "fstat", errno: errno) }
    return (Identity(status), Int(status.st_size))
  }

  /// Reads the bytes from `offset` to `end`, or to the end of the file.
  package func read(from offset: Int, to end: Int) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: end - offset)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done, off_t(offset + done))
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .system(call: "read", errno: errno) }
      if count == 0 { break }
      done += count
    }
    return Array(bytes.prefix(done))
  }

  /// Truncates the file to `offset` and appends all of `bytes`.
  ///
  /// If writing fails, the file ends at `offset`.
  package func append(_ bytes: [UInt8], at offset: Int) throws(Failure) {
    guard ftruncate(descriptor, off_t(offset)) == 0 else {
      throw .system(call: "ftruncate", errno: errno)
    }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done, off_t(offset + done))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let error = errno
        ftruncate(descriptor, off_t(offset))
        throw .system(call: "write", errno: error)
      }
      done += count
    }
  }
}
