import Glibc

/// Writes a file so that its path always holds a whole one: the old one or the new one.
enum AtomicFile {
  /// Writes to a temporary file beside `path`, syncs it, and renames it.
  static func write(_ bytes: [UInt8], to path: String) throws(TokenizerError) {
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(path) }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress?.advanced(by: done), bytes.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw abandon(path, temporary, descriptor) }
      done += count
    }
    guard fsync(descriptor) == 0 else { throw abandon(path, temporary, descriptor) }
    close(descriptor)
    guard rename(temporary, path) == 0 else {
      let error = failure(path)
      unlink(temporary)
      throw error
    }
  }

  private static func abandon(
    _ path: String, _ temporary: String, _ descriptor: Int32
  ) -> TokenizerError {
    let error = failure(path)
    close(descriptor)
    unlink(temporary)
    return error
  }

  private static func failure(_ path: String) -> TokenizerError {
    TokenizerError(
      .saveFailed,
      "could not write \(path): \(String(cString: strerror(errno))); "
        + "the file that was there before is unchanged")
  }
}
