internal import Collectives
internal import DataLoading
internal import Foundation
internal import Torch

/// The snapshot that training resumed from.
public struct ResumedSnapshot: Codable, Sendable {
  /// The path of its folder on rank 0's host.
  public let path: String
  /// The number of completed steps.
  public let step: Int
  /// The epoch, counted from 0.
  public let epoch: Int
  /// The number of ranks that saved it.
  public let worldSize: Int
  /// The newer snapshots that were skipped, each with the reason.
  public let damaged: [String]
}

extension Snapshots {
  /// Resumes from the newest intact snapshot, if there is one.
  ///
  /// Skips damaged snapshots with a warning. Each rank that saved the snapshot restores its random
  /// generators; new ranks keep their own. If the world size is unchanged, training continues bit
  /// for bit. If it changed, the states of each ``ReshardableState`` are redistributed.
  ///
  /// - Parameters:
  ///   - progress: The start of training; set to the snapshot's progress.
  ///   - parts: The parts that ``save(_:_:perRank:metric:)`` received, under the same names.
  ///   - perRank: The per-rank parts that it received, under the same names.
  /// - Returns: The snapshot that was restored; `nil` if the folder has none; then nothing is
  ///   changed.
  /// - Throws: ``TrainingError`` on all ranks: `damaged` if there are snapshots but none is intact,
  ///   `newerVersion`, or `mismatch` if the snapshot belongs to a different job; the message names
  ///   the first difference. Parts may then be partly restored.
  @discardableResult
  public func resume(
    _ progress: inout TrainingProgress, _ parts: SnapshotParts, perRank: SnapshotParts = [:]
  ) throws -> ResumedSnapshot? {
    try Snapshots.check(parts, perRank)
    var found: SnapshotContents?
    let header = try transfer.fromRankZero { () -> Header? in
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
    let manifest = header.manifest
    let info = header.info
    do {
      try progress.position.checkCompatibility(with: manifest.progress.position)
    } catch {
      throw TrainingError(
        .mismatch, "cannot resume from snapshot '\(info.path)': \(error)", cause: error)
    }
    let perRankNames = manifest.ranks.first.map { Set($0.keys).subtracting([Snapshots.generators]) }
    try check(Set(manifest.parts.keys), Set(parts.keys), info.path)
    try check(perRankNames ?? [], Set(perRank.keys), info.path)

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
      if manifest.ranks.count != worldSize, let part = part as? any ReshardableState {
        let share = stride(from: rank, to: manifest.ranks.count, by: worldSize)
        try restore(name, info.path) { () throws(TorchError) in
          try part.restoreState(fromShards: share.map { state(name, of: $0) })
        }
      } else if manifest.ranks.indices.contains(rank) {
        try restore(name, info.path) { () throws(TorchError) in
          try part.restoreState(state(name, of: rank))
        }
      }
    }
    progress = manifest.progress
    policy.recordSnapshot(progress, now: .now)
    try prepare(parts)
    return info
  }

  private struct Header: Codable {
    var manifest: SnapshotManifest
    var info: ResumedSnapshot
  }

  /// Reads snapshots from newest to oldest and returns the first intact one; rank 0 only.
  private func newestIntact(_ damaged: inout [String]) throws -> (SnapshotName, SnapshotContents)? {
    let names = inventory.candidates.map(\.name).sorted()
    for name in names.reversed() {
      do {
        return (name, try SnapshotContents(reading: folder.path(name)))
      } catch let damage as SnapshotDamage {
        inventory.markDamaged(name)
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
        "snapshot '\(path)' does not match this job: part '\(name)': \(error). Use the settings "
          + "that it was saved with, or start over in another folder",
        cause: error)
    }
  }

  private func check(_ saved: Set<String>, _ given: Set<String>, _ path: String)
    throws(TrainingError)
  {
    if let name = given.subtracting(saved).min() {
      throw TrainingError(
        .mismatch,
        "snapshot '\(path)' has no part '\(name)', only \(saved.sorted()): pass the same parts "
          + "that were saved")
    }
    if let name = saved.subtracting(given).min() {
      throw TrainingError(
        .mismatch,
        "snapshot '\(path)' has a part '\(name)' that was not passed to resume: pass all parts "
          + "that were saved")
    }
  }
}
