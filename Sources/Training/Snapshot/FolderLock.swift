internal import Foundation
internal import Glibc

/// The right to write into a folder, which one process has at a time.
///
/// A lock of the system's on the file `lock`: it is gone with the process, however that ends.
final class FolderLock {
  private struct Holder: Codable {
    var process: Int32
    var host: String
    var since: String
  }

  private let descriptor: Int32

  /// - Throws: ``TrainingError`` with code `locked` when another has it after the timeout.
  init(folder: String, timeout: Duration) throws(TrainingError) {
    let path = "\(folder)/lock"
    // From here on `deinit` closes it, also after an error.
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system("cannot write into the snapshot folder", path) }
    let clock = ContinuousClock()
    let end = clock.now + timeout
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        throw .system("cannot lock", path)
      }
      guard clock.now < end else {
        throw TrainingError(
          .locked,
          "the snapshot folder '\(folder)' is in use by \(FolderLock.holder(path)), and two "
            + "jobs cannot share a folder: stop that job, or choose another folder for this one")
      }
      usleep(50_000)
    }
    let me = Holder(
      process: getpid(), host: ProcessInfo.processInfo.hostName,
      since: Date().ISO8601Format())
    // What it says is for people; the lock holds without it.
    guard let text = try? JSONEncoder().encode(me), ftruncate(descriptor, 0) == 0 else { return }
    _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  private static func holder(_ path: String) -> String {
    guard let text = FileManager.default.contents(atPath: path),
      let holder = try? JSONDecoder().decode(Holder.self, from: text)
    else { return "another process" }
    return "process \(holder.process) on host \(holder.host) since \(holder.since)"
  }
}
