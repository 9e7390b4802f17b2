internal import Collectives
public import DataLoading
internal import DataParallel
internal import Torch

/// How a training ended that met no error.
public enum TrainingEnd: Sendable {
  /// It came to the end that its options set.
  case completed
  /// Somebody asked it to stop before.
  case stopped
}

extension Trainer {
  /// Goes on from the newest snapshot in a folder, if there is one, and has `fit` make more there.
  ///
  /// Call it on every rank before `fit`, when ``schedule`` and ``parts`` are set. With as many ranks as
  /// before training goes on to the same bits. With another number what remains of the epoch is dealt
  /// out anew, and the schedule goes to the step from which as many are left as there will be.
  ///
  /// - Parameters:
  ///   - snapshots: The folder.
  ///   - loader: This rank's batches, as `fit` will get them.
  /// - Returns: What it went on from; `nil` when the folder has no snapshot.
  /// - Throws: As ``Snapshots/resume(_:_:perRank:)``.
  @discardableResult
  public func resume<Samples, Indices: EpochSampler, Batch>(
    from snapshots: Snapshots, _ loader: DataLoader<Samples, Indices, Batch>
  ) throws -> ResumedSnapshot? {
    var now = TrainingProgress(loader.batchSampler.sampler.position)
    let resumed = try snapshots.resume(&now, allParts, perRank: ownParts)
    self.snapshots = snapshots
    progress = now
    if let resumed, resumed.worldSize != model.group.worldSize {
      var batches = loader.batchSampler
      let whole = options.stepCount(batchesPerEpoch: batches.count)
      try batches.sampler.setPosition(now.position)
      schedule?.stepCount = whole - stepsLeft(now, loader.count, inThisEpoch: batches.count)
    }
    return resumed
  }

  func saveIfDue(_ progress: TrainingProgress, _ metric: Double? = nil) throws {
    guard let snapshots else { return }
    let isDue = try snapshots.isDue(progress)
    // What was not looked at yet may be no number, and must not be saved.
    if isDue { try endSteps() }
    try snapshots.save(progress, allParts, perRank: ownParts, metric: metric, ifDue: isDue)
  }

  /// Returns on every rank when rank 0 has written it.
  func saveLast(_ progress: TrainingProgress, _ metric: Double?) throws {
    guard let snapshots else { return }
    try snapshots.finish(progress, allParts, perRank: ownParts, metric: metric)
    try model.group.barrier()
  }

  /// How good the model is at the end of an epoch.
  func snapshotMetric(of epoch: TrainingEpoch) throws(TrainingError) -> Double {
    guard let name = snapshotMetric else { return epoch.loss }
    if let value = epoch.metrics[name] { return value }
    let found = epoch.metrics.keys.sorted().joined(separator: ", ")
    throw TrainingError(
      .invalidArgument,
      "snapshotMetric is '\(name)', but the evaluation returns \(found.isEmpty ? "nothing" : found): "
        + "return '\(name)' as well, or choose another metric")
  }

  private func stepsLeft(
    _ progress: TrainingProgress, _ batchesPerEpoch: Int, inThisEpoch batches: Int
  ) -> Int {
    func steps(_ batches: Int) -> Int {
      (batches + options.gradientAccumulation - 1) / options.gradientAccumulation
    }
    switch options.length {
    case .epochs(let epochs):
      guard progress.epoch < epochs else { return 0 }
      return steps(batches) + (epochs - progress.epoch - 1) * steps(batchesPerEpoch)
    case .steps(let steps): return steps - progress.step
    }
  }

  private var allParts: SnapshotParts {
    var all: SnapshotParts = ["model": model, "optimizer": optimizer]
    all["schedule"] = schedule
    all["scaler"] = scaler
    return all.merging(parts) { own, _ in own }
  }

  private var ownParts: SnapshotParts { ["epoch-loss": epochLoss] }
}
