import Glibc
import Support

/// An open file under `flock`; the lock ends with it.
struct LockedFile: ~Copyable {
  /// Who else may have the file at the same time.
  enum Access { case shared, exclusive }

  /// The system's failure, and the call that met it.
  enum Failure: Error {
    case system(call: String, errno: Int32)
    case lockedTooLong
  }

  /// What tells the file from another one that was later made at the same path.
  struct Identity: Equatable, Sendable {
    let device: UInt
    let inode: UInt
  }

  private let descriptor: Int32

  /// Opens the file, which is made if it is missing, and waits for the lock.
  init(path: String, _ access: Access, before deadline: Deadline) throws(Failure) {
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
      guard !deadline.hasPassed else { throw .lockedTooLong }
      usleep(pause)
      pause = min(pause * 2, 10_000)
    }
  }

  func status() throws(Failure) -> (identity: Identity, size: Int) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(call: "fstat", errno: errno) }
    return (Identity(device: UInt(status.st_dev), inode: UInt(status.st_ino)), Int(status.st_size))
  }

  func read(from offset: Int, to end: Int) throws(Failure) -> [UInt8] {
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

  /// Writes all of `bytes` at `offset`, which is the end; on failure the file is as before.
  func append(_ bytes: [UInt8], at offset: Int) throws(Failure) {
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
