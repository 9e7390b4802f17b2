internal import Foundation
internal import Glibc

/// The folder that a job keeps its snapshots in: one folder for each, and a lock.
struct SnapshotFolder: Sendable {
  let path: String

  private static let partial = ".partial-"
  private static let removed = ".removed-"

  /// Makes the folder if there is none.
  static func create(_ path: String) throws(TrainingError) -> SnapshotFolder {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      let reason = (error as NSError).localizedDescription
      throw TrainingError(
        .inputOutput, "cannot create the snapshot folder '\(path)': \(reason)", cause: error)
    }
    return SnapshotFolder(path: path)
  }

  func path(_ name: SnapshotName) -> String { "\(path)/\(name)" }

  /// Where a snapshot is written before it gets its name.
  func partialPath(_ name: SnapshotName) -> String { "\(path)/\(Self.partial)\(name)" }

  /// The snapshots that are there, the newest last.
  func names() throws(TrainingError) -> [SnapshotName] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path)
        .compactMap(SnapshotName.init).sorted()
    } catch {
      throw TrainingError(.inputOutput, "cannot list '\(path)': \(error)", cause: error)
    }
  }

  /// Removes what earlier jobs that were killed have left behind; only for who holds the lock.
  func removeLeftovers() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in names where name.hasPrefix(Self.partial) || name.hasPrefix(Self.removed) {
      try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
    }
  }

  /// Removes a snapshot; it loses its name first, so that a part of it is never seen.
  func remove(_ name: SnapshotName) {
    let doomed = "\(path)/\(Self.removed)\(name)"
    guard rename(path(name), doomed) == 0 else { return }
    try? FileManager.default.removeItem(atPath: doomed)
  }
}
