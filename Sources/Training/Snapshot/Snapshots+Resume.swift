internal import Collectives
public import DataLoading
internal import DataParallel
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
  /// What happens to each setting that differs from the snapshot's.
  public internal(set) var decisions: [ResumeDecision] = []
}

extension Snapshots {
  /// Resumes from the newest intact snapshot, if there is one.
  ///
  /// Skips damaged snapshots with a warning. Each rank that saved the snapshot restores its random
  /// generators; new ranks keep their own. If all settings are unchanged, training continues bit
  /// for bit. If the world size changed, the states of each ``ReshardableState`` are redistributed.
  ///
  /// Learning rates, weight decays and hyperparameters that this run sets to other values than the
  /// run that saved the snapshot are those of this run. A schedule continues at the saved step; to
  /// adapt it to another batch size, length or world size, use
  /// ``resume(_:_:perRank:_:settings:)``.
  ///
  /// - Parameters:
  ///   - progress: The start of training; set to the snapshot's progress.
  ///   - parts: The parts that ``save(_:_:perRank:metric:)`` received, under the same names.
  ///     Schedules and gradient scalers may be added or omitted.
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
    try resume(&progress, parts, perRank: perRank, run: nil) { _ in nil }
  }

  /// Resumes from the newest intact snapshot, and adapts to settings that changed.
  ///
  /// Like ``resume(_:_:perRank:)``. In addition, this run's settings are recorded in its snapshots
  /// and compared with those of the snapshot: see <doc:ResumingWithOtherOptions>. If the batch
  /// size, the accumulation, the length, the schedule or the world size changed, each
  /// ``Torch/LearningRateScheduler`` among the parts continues where a run with the new settings
  /// would be after the same samples. The schedules must advance once per optimizer step.
  ///
  /// - Parameters:
  ///   - progress: The start of training; set to the snapshot's progress.
  ///   - parts: The parts, as for ``resume(_:_:perRank:)``.
  ///   - perRank: The per-rank parts.
  ///   - loader: This rank's batches.
  ///   - settings: The settings of this run, equal on all ranks.
  /// - Returns: The snapshot that was restored, with a decision for each setting that differs;
  ///   `nil` if the folder has none.
  /// - Throws: The errors of ``resume(_:_:perRank:)``; ``TrainingError`` with code `mismatch` if
  ///   this run cannot continue with its settings. The message names each of them, and no part is
  ///   changed.
  @discardableResult
  public func resume<Samples, Indices: EpochSampler, Batch>(
    _ progress: inout TrainingProgress, _ parts: SnapshotParts, perRank: SnapshotParts = [:],
    _ loader: DataLoader<Samples, Indices, Batch>, settings: RunSettings
  ) throws -> ResumedSnapshot? {
    var run = settings
    run.batchSize = loader.batchSampler.batchSize
    return try resume(&progress, parts, perRank: perRank, run: run) {
      try run.span(at: $0, loader.batchSampler)
    }
  }

  /// Resumes with the settings of a run and the steps that remain at a progress.
  func resume(
    _ progress: inout TrainingProgress, _ parts: SnapshotParts, perRank: SnapshotParts,
    run: RunSettings?, _ span: (TrainingProgress) throws -> ScheduleSpan?
  ) throws -> ResumedSnapshot? {
    try Snapshots.check(parts, perRank)
    try lockFolder()
    let settings = try RecordedSettings(run: run, parts: parts)
    self.settings = settings
    var found: SnapshotContents?
    let header = try transfer.fromRankZero { () -> Header? in
      var damaged: [String] = []
      guard let (name, contents) = try newestIntact(&damaged) else { return nil }
      found = contents
      return Header(
        manifest: contents.manifest,
        info: ResumedSnapshot(
          path: folder.path(name), step: contents.manifest.step, epoch: contents.manifest.epoch,
          worldSize: contents.manifest.worldSize, damaged: damaged),
        isProvisional: name.isProvisional)
    }
    guard let header else { return nil }
    let manifest = header.manifest
    var info = header.info
    let rank = group?.rank ?? 0
    let worldSize = group?.worldSize ?? 1
    let plan = ResumePlan(
      from: .init(
        worldSize: manifest.worldSize, progress: manifest.progress,
        settings: manifest.settings ?? RecordedSettings(inferredFrom: manifest.parts),
        isInferred: manifest.settings == nil),
      to: .init(worldSize: worldSize, progress: progress, settings: settings))
    guard plan.refusals.isEmpty else {
      let reasons = plan.refusals.map(\.description).joined(separator: ". ")
      throw TrainingError(.mismatch, "cannot resume from snapshot '\(info.path)': \(reasons)")
    }
    info.decisions = plan.decisions
    let perRankNames = manifest.ranks.first.map { Set($0.keys).subtracting([Snapshots.generators]) }
    let optional = Set(parts.keys).union(manifest.parts.keys).filter {
      plan.isOptional($0) || EvaluationParts.names.contains($0)
    }
    try check(
      Set(manifest.parts.keys).subtracting(optional), Set(parts.keys).subtracting(optional),
      info.path)
    try check(perRankNames ?? [], Set(perRank.keys), info.path)

    func tensors(_ file: String) throws -> StateDict {
      try transfer.tensors(manifest.files[file]?.tensors ?? [:], found?.files[file] ?? [:])
    }
    let remaining = try span(manifest.progress)
    var states: [String: State] = [:]
    for (name, part) in parts.sorted(by: { $0.key < $1.key }) {
      if let values = manifest.parts[name] {
        let saved = State(
          tensors: try tensors(SnapshotManifest.file(ofPart: name)), values: values)
        try restore(name, info.path) { () throws(TorchError) in
          let state = try plan.adjusted(saved, of: name, remaining)
          guard let sharded = part as? any ShardedState else { return try part.restoreState(state) }
          try sharded.restoreWholeState(state)
        }
      } else if let scheduler = part as? LearningRateScheduler {
        scheduler.stepCount = remaining?.position ?? manifest.progress.step
      }
      states[name] = try part.captureState()
    }
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
    // The regular snapshot of a provisional one's step is still to be saved.
    if !header.isProvisional { policy.recordSnapshot(progress, now: .now) }
    try prepare(parts)
    if transfer.isRankZero {
      let omitted = EvaluationParts.names.filter {
        manifest.parts[$0] != nil && parts[$0] == nil
      }
      for name in omitted.sorted() {
        options.inform(
          "resuming from '\(info.path)': the snapshot's part '\(name)' is not used, because this "
            + "run does not have it")
      }
      for line in lines(info.decisions, parts, remaining) {
        options.inform("resuming from '\(info.path)': \(line)")
      }
    }
    return info
  }

  /// Returns a line for each decision, and one for the learning rate that follows from them.
  private func lines(
    _ decisions: [ResumeDecision], _ parts: SnapshotParts, _ span: ScheduleSpan?
  ) -> [String] {
    guard !decisions.isEmpty else { return [] }
    var lines = decisions.map(\.description)
    for (_, part) in parts.sorted(by: { $0.key < $1.key }) {
      guard let scheduler = part as? LearningRateScheduler else { continue }
      let rate = scheduler.optimizer.groups.first?.learningRate ?? 0
      let total = span.map { " of \($0.total)" } ?? ""
      lines.append(
        "the schedule continues at step \(scheduler.stepCount)\(total), with learning rate \(rate)")
    }
    return lines
  }

  private struct Header: Codable {
    var manifest: SnapshotManifest
    var info: ResumedSnapshot
    var isProvisional: Bool
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
