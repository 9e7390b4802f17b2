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
    let temporary = "\(path).partial.\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system("cannot write", path) }
    do throws(TorchError) {
      defer { close(descriptor) }
      try body(AtomicFile(descriptor: descriptor, path: path))
      guard fsync(descriptor) == 0 else { throw TorchError.system("cannot write", path) }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let error = TorchError.system("cannot replace", path)
      unlink(temporary)
      throw error
    }
    syncFolder(of: path)
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
  private static func syncFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
