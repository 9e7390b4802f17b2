internal import Foundation
internal import Glibc

/// An exclusive lock on a snapshot folder.
///
/// An advisory lock (`flock`) on the file `lock`. The system releases it when the process exits, even
/// after a crash.
final class FolderLock {
  private struct Holder: Codable {
    var process: Int32
    var host: String
    var since: String
  }

  private let descriptor: Int32

  /// Acquires the lock.
  ///
  /// - Throws: ``TrainingError`` with code `locked` if another process still holds it after `timeout`.
  init(folder: String, timeout: Duration) throws(TrainingError) {
    let path = "\(folder)/lock"
    // `deinit` closes the descriptor, also if an error is thrown below.
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system("cannot open the snapshot lock", path) }
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
    // The content is informational; the lock does not depend on it.
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
