package import Foundation
internal import Glibc

/// A file that appears under its name only once it is completely on disk.
package struct AtomicFile {
  private let descriptor: Int32
  private let path: String

  /// Writes a temporary file in the same folder, syncs it, renames it to `path` and syncs the
  /// folder.
  ///
  /// - Throws: ``SystemError``, also from `body`. The temporary file is then removed, and the file
  ///   at `path` is unchanged.
  package static func write(path: String, _ body: (AtomicFile) throws(SystemError) -> Void)
    throws(SystemError)
  {
    let temporary = "\(path).partial"
    let descriptor = try openAlone(temporary, for: path)
    defer { close(descriptor) }  // after the rename: the lock excludes other writers until then
    do throws(SystemError) {
      try body(AtomicFile(descriptor: descriptor, path: path))
      guard fsync(descriptor) == 0 else { throw SystemError("cannot write", path) }
      guard rename(temporary, path) == 0 else { throw SystemError("cannot replace", path) }
    } catch {
      unlink(temporary)
      throw error
    }
    syncFolder(of: path)
  }

  /// Opens an empty temporary file for this writer alone.
  ///
  /// Its name is always the same, so that the next writer reuses the file of a writer that was
  /// killed. A lock, which the system releases when the process exits, excludes other writers.
  private static func openAlone(_ temporary: String, for path: String) throws(SystemError) -> Int32
  {
    while true {
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw SystemError("cannot write", path) }
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        close(descriptor)
        throw SystemError(
          message: "cannot write '\(path)': another process is writing it; wait for that process, "
            + "or choose another folder",
          number: EWOULDBLOCK)
      }
      // Between `open` and `flock`, another writer may have renamed the file to `path`. Such a file
      // must not change, so open a new one.
      var opened = stat()
      var named = stat()
      fstat(descriptor, &opened)
      let isCurrent = stat(temporary, &named) == 0 && opened.st_ino == named.st_ino
      if isCurrent, ftruncate(descriptor, 0) == 0 { return descriptor }
      let error = SystemError("cannot write", path)
      close(descriptor)
      if isCurrent { throw error }
    }
  }

  /// Appends all of the bytes.
  package func append(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    guard appendAll(bytes) else { throw SystemError("cannot write", path) }
  }

  /// Appends all of the data.
  package func append(_ data: Data) throws(SystemError) {
    guard data.withUnsafeBytes(appendAll) else { throw SystemError("cannot write", path) }
  }

  /// Returns whether all bytes were written; if not, `errno` has the reason.
  private func appendAll(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let next = UnsafeRawBufferPointer(rebasing: rest)
      let written = Glibc.write(descriptor, next.baseAddress, next.count)
      if written < 0 {
        if errno == EINTR { continue }
        return false
      }
      rest = rest.dropFirst(written)
    }
    return true
  }

  /// Makes the new name durable; a file system that cannot sync folders is not an error.
  package static func syncFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
