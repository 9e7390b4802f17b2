internal import Collectives
internal import DataLoading
internal import Foundation
internal import Torch

/// The snapshot that a training went on from.
public struct ResumedSnapshot: Codable, Sendable {
  /// Its folder, as rank 0 sees it.
  public let path: String
  /// The number of steps that had been made.
  public let step: Int
  /// The epoch, counted from 0.
  public let epoch: Int
  /// The number of ranks that made it.
  public let worldSize: Int
  /// Newer ones that were passed over, and what is wrong with them.
  public let damaged: [String]
}

extension Snapshots {
  /// Goes on from the newest intact snapshot, if there is any.
  ///
  /// Damaged ones are reported as warnings and passed over. With as many ranks as made the snapshot,
  /// each gets its own random generators back, and goes on to the bit; with another number those that
  /// were not there before keep theirs, and the state of each ``ShareableState`` is dealt out.
  ///
  /// - Parameters:
  ///   - progress: The start of the training; becomes the snapshot's progress.
  ///   - parts: The parts that were given to ``save(_:_:perRank:metric:)``, under the same names.
  ///   - perRank: The same for those that each rank has of its own.
  /// - Returns: What it went on from; `nil` when the folder has no snapshot, and nothing was changed.
  /// - Throws: ``TrainingError`` on all ranks: `damaged` when there are snapshots but none is intact,
  ///   `newerVersion`, or `mismatch` when the snapshot is one of another job; the message names the
  ///   first difference. Parts may have been changed then.
  @discardableResult
  public func resume(
    _ progress: inout TrainingProgress, _ parts: SnapshotParts, perRank: SnapshotParts = [:]
  ) throws -> ResumedSnapshot? {
    try Snapshots.check(parts, perRank)
    var found: SnapshotContents?
    let header = try transfer.fromReader { () -> Header? in
      var damaged: [String] = []
      guard let (name, contents) = try newestIntact(&damaged) else { return nil }
      found = contents
      return Header(
        manifest: contents.manifest,
        info: ResumedSnapshot(
          path: folder.path(name), step: contents.manifest.step, epoch: contents.manifest.epoch,
          worldSize: contents.manifest.worldSize, damaged: damaged))
    }
    guard let header else { return nil }
    let (manifest, info) = (header.manifest, header.info)
    do {
      try progress.position.check(continues: manifest.progress.position)
    } catch {
      throw TrainingError(
        .mismatch, "cannot resume from snapshot '\(info.path)': \(error)", cause: error)
    }
    let ownParts = manifest.ranks.first.map { Set($0.keys).subtracting([Snapshots.generators]) }
    try check(Set(manifest.parts.keys), Set(parts.keys), info.path)
    try check(ownParts ?? [], Set(perRank.keys), info.path)

    func tensors(_ file: String) throws -> StateDict {
      try transfer.tensors(manifest.files[file]?.tensors ?? [:], found?.files[file] ?? [:])
    }
    var states: [String: State] = [:]
    for (name, part) in parts.sorted(by: { $0.key < $1.key }) {
      let state = State(
        tensors: try tensors(SnapshotManifest.file(ofPart: name)),
        values: manifest.parts[name] ?? [:])
      try restore(name, info.path) { () throws(TorchError) in try part.restoreState(state) }
      states[name] = try part.captureState()
    }
    let rank = group?.rank ?? 0
    let worldSize = group?.worldSize ?? 1
    let joined = try tensors(SnapshotManifest.ranksFile)
    func state(_ name: String, of rank: Int) -> State {
      State(
        tensors: RankTensors.tensors(of: name, rank: rank, in: joined),
        values: manifest.ranks[rank][name] ?? [:])
    }
    for (name, part) in withGenerators(perRank, states).sorted(by: { $0.key < $1.key }) {
      if manifest.ranks.count != worldSize, let part = part as? any ShareableState {
        let share = stride(from: rank, to: manifest.ranks.count, by: worldSize)
        try restore(name, info.path) { () throws(TorchError) in
          try part.restoreShare(of: share.map { state(name, of: $0) })
        }
      } else if manifest.ranks.indices.contains(rank) {
        try restore(name, info.path) { () throws(TorchError) in
          try part.restoreState(state(name, of: rank))
        }
      }
    }
    progress = manifest.progress
    policy.noteSnapshot(progress, now: .now)
    try prepare(parts)
    return info
  }

  private struct Header: Codable {
    var manifest: SnapshotManifest
    var info: ResumedSnapshot
  }

  /// Reads from the newest on until one is intact; rank 0 only.
  private func newestIntact(_ damaged: inout [String]) throws -> (SnapshotName, SnapshotContents)? {
    let names = inventory.candidates.map(\.name).sorted()
    for name in names.reversed() {
      do {
        return (name, try SnapshotContents(reading: folder.path(name)))
      } catch let damage as SnapshotDamage {
        inventory.noteDamage(name)
        let report = "snapshot '\(folder.path(name))' is damaged: \(damage.reason)"
        damaged.append(report)
        options.warn(report)
      }
    }
    guard names.isEmpty else {
      throw TrainingError(
        .damaged,
        "none of the \(names.count) snapshots in '\(folder.path)' is intact. "
          + "\(damaged.joined(separator: "; ")). Restore a copy, or start over in another folder"
      )
    }
    return nil
  }

  private func restore(_ name: String, _ path: String, _ body: () throws(TorchError) -> Void)
    throws(TrainingError)
  {
    do {
      try body()
    } catch {
      throw TrainingError(
        .mismatch,
        "snapshot '\(path)' does not match this job: part '\(name)': \(error). Use the settings that "
          + "it was saved with, or start over in another folder",
        cause: error)
    }
  }

  private func check(_ saved: Set<String>, _ own: Set<String>, _ path: String)
    throws(TrainingError)
  {
    if let name = own.subtracting(saved).min() {
      throw TrainingError(
        .mismatch,
        "snapshot '\(path)' has no part '\(name)', only \(saved.sorted()): pass the same parts that "
          + "were saved")
    }
    if let name = saved.subtracting(own).min() {
      throw TrainingError(
        .mismatch,
        "snapshot '\(path)' has a part '\(name)' that was not passed to resume: pass all parts that "
          + "were saved")
    }
  }
}
