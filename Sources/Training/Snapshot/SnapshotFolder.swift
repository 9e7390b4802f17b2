internal import Foundation
internal import Glibc

/// A job's snapshot folder: one subfolder for each snapshot, and a lock file.
package struct SnapshotFolder: Sendable {
  let path: String

  package init(path: String) { self.path = path }

  private static let partial = ".partial-"
  private static let removed = ".removed-"

  /// Creates the folder if it is missing.
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

  /// The temporary path at which a snapshot is written.
  func partialPath(_ name: SnapshotName) -> String { "\(path)/\(Self.partial)\(name)" }

  /// Returns the names of the existing snapshots, oldest first.
  package func names() throws(TrainingError) -> [SnapshotName] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path)
        .compactMap(SnapshotName.init).sorted()
    } catch {
      throw TrainingError(.inputOutput, "cannot list '\(path)': \(error)", cause: error)
    }
  }

  /// Removes temporary folders that killed jobs left behind; the caller must hold the lock.
  func removeLeftovers() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in names where name.hasPrefix(Self.partial) || name.hasPrefix(Self.removed) {
      try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
    }
  }

  /// Removes a snapshot.
  ///
  /// Renames it first, so that a partly removed snapshot is never read.
  func remove(_ name: SnapshotName) {
    let removedPath = "\(path)/\(Self.removed)\(name)"
    guard rename(path(name), removedPath) == 0 else { return }
    try? FileManager.default.removeItem(atPath: removedPath)
  }
}
