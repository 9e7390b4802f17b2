package import Foundation
internal import Glibc

/// A file that appears under its name only when all of it has reached the disk.
package struct AtomicFile {
  private let descriptor: Int32
  private let path: String

  /// Writes a file through a temporary one in the same folder, syncs it, renames it over `path` and
  /// syncs the folder.
  ///
  /// - Throws: ``TorchError`` with code `inputOutput`, or what `body` throws; the temporary file is
  ///   gone then, and what was at `path` is as before.
  package static func write(path: String, _ body: (AtomicFile) throws(TorchError) -> Void)
    throws(TorchError)
  {
    let temporary = "\(path).partial"
    let descriptor = try openAlone(temporary, for: path)
    defer { close(descriptor) }  // after the rename: until then nobody else may touch the file
    do throws(TorchError) {
      try body(AtomicFile(descriptor: descriptor, path: path))
      guard fsync(descriptor) == 0 else { throw TorchError.system("cannot write", path) }
      guard rename(temporary, path) == 0 else { throw TorchError.system("cannot replace", path) }
    } catch {
      unlink(temporary)
      throw error
    }
    syncFolder(of: path)
  }

  /// Opens a temporary file, empty, for this writer alone.
  ///
  /// Its name is always the same, so that the next writer takes over what a killed one has left. The
  /// lock, which ends with its process, keeps two from writing into one file.
  private static func openAlone(_ temporary: String, for path: String) throws(TorchError) -> Int32 {
    while true {
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw .system("cannot write", path) }
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        close(descriptor)
        throw TorchError(
          .inputOutput,
          "cannot write '\(path)', because another writer is just doing so; wait for it, or choose "
            + "another folder")
      }
      // Between the two calls another writer may have renamed the file: then it is complete.
      var opened = stat()
      var named = stat()
      fstat(descriptor, &opened)
      let isCurrent = stat(temporary, &named) == 0 && opened.st_ino == named.st_ino
      if isCurrent, ftruncate(descriptor, 0) == 0 { return descriptor }
      let error = TorchError.system("cannot write", path)
      close(descriptor)
      if isCurrent { throw error }
    }
  }

  /// Appends bytes, however many calls of the system that takes.
  func append(_ bytes: UnsafeRawBufferPointer) throws(TorchError) {
    guard appendAll(bytes) else { throw .system("cannot write", path) }
  }

  /// Appends bytes, however many calls of the system that takes.
  package func append(_ data: Data) throws(TorchError) {
    guard data.withUnsafeBytes(appendAll) else { throw .system("cannot write", path) }
  }

  /// Returns whether all was written; else `errno` says why not.
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

  /// Makes the new name itself durable; that some file systems can't sync folders is no error.
  package static func syncFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
