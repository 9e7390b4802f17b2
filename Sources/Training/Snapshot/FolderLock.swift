internal import Foundation
internal import Glibc
internal import Support

/// An exclusive lock on a snapshot folder.
///
/// An advisory lock (`flock`) on the file `lock`. The system releases it when the process exits,
/// even after a crash.
final class FolderLock {
  private struct Holder: Codable {
    var process: Int32
    var host: String
    var since: String
  }

  private let file: LockedFile

  /// Acquires the lock.
  ///
  /// - Throws: ``TrainingError`` with code `locked` if another process still holds it after
  ///   `timeout`.
  init(folder: String, timeout: Duration) throws(TrainingError) {
    let path = "\(folder)/lock"
    do throws(LockedFile.Failure) {
      file = try LockedFile(path: path, .exclusive, before: Deadline(after: timeout))
    } catch .system(let call, let number) {
      let action = call == "open" ? "cannot open the snapshot lock" : "cannot lock"
      throw TrainingError(.inputOutput, SystemError(action, path, number).message)
    } catch {
      throw TrainingError(
        .locked,
        "the snapshot folder '\(folder)' is in use by \(FolderLock.holder(path)), and two "
          + "jobs cannot share a folder: stop that job, or choose another folder for this one")
    }
    let me = Holder(
      process: getpid(), host: ProcessInfo.processInfo.hostName,
      since: Date().ISO8601Format())
    // The content is informational; the lock does not depend on it.
    if let text = try? JSONEncoder().encode(me) { try? file.append(Array(text), at: 0) }
  }

  private static func holder(_ path: String) -> String {
    guard let text = FileManager.default.contents(atPath: path),
      let holder = try? JSONDecoder().decode(Holder.self, from: text)
    else { return "another process" }
    return "process \(holder.process) on host \(holder.host) since \(holder.since)"
  }
}
