internal import Collectives
public import DataLoading
internal import DataParallel
internal import Torch

/// How training ended, if it did not throw.
public enum TrainingOutcome: Sendable {
  /// Training reached the length set in its options.
  case completed
  /// A callback threw ``StopTraining``: training is over, as after early stopping.
  case stoppedByCallback
  /// A rank received a request to stop: the job is to be resumed.
  case stopRequested
}

extension Trainer {
  /// Resumes from the newest snapshot in a folder, if there is one; `fit` then saves to this
  /// folder.
  ///
  /// Call it on every rank before `fit`, after setting ``schedule`` and ``parts``. If all settings
  /// are unchanged, training continues bit for bit. Otherwise this run's settings apply, and the
  /// schedule continues where a run with these settings would be after the same samples, so that it
  /// ends with the last step. <doc:ResumingWithOtherOptions> lists the rules.
  ///
  /// - Parameters:
  ///   - snapshots: The snapshot folder.
  ///   - loader: This rank's batches, the same as for `fit`.
  /// - Returns: The snapshot that was restored; `nil` if the folder has none.
  /// - Throws: The errors of ``Snapshots/resume(_:_:perRank:_:settings:)``.
  @discardableResult
  public func resume<Samples, Indices: EpochSampler, Batch>(
    from snapshots: Snapshots, _ loader: DataLoader<Samples, Indices, Batch>
  ) throws -> ResumedSnapshot? {
    let settings = RunSettings(
      options.length, gradientAccumulation: options.gradientAccumulation,
      precision: options.precision, maxGradientNorm: options.maxGradientNorm, dataKey: dataKey,
      others: otherSettings)
    var now = TrainingProgress(loader.batchSampler.sampler.position)
    let resumed = try snapshots.resume(
      &now, sharedParts, perRank: perRankParts, loader, settings: settings)
    self.snapshots = snapshots
    progress = now
    return resumed
  }

  func saveIfDue(_ progress: TrainingProgress, _ metric: Double? = nil) throws {
    guard let snapshots else { return }
    let isDue = try snapshots.isDue(progress)
    // An unread loss may be NaN: check it before saving.
    if isDue { try readPendingStep() }
    try snapshots.save(progress, sharedParts, perRank: perRankParts, metric: metric, ifDue: isDue)
  }

  /// Saves a provisional snapshot of an epoch whose evaluation may fail.
  ///
  /// - Parameters:
  ///   - progress: The progress before the end of the epoch, from which the evaluation is repeated.
  ///   - next: The progress after it.
  /// - Throws: The errors of ``Snapshots``.
  func saveBeforeEvaluation(_ progress: TrainingProgress, next: TrainingProgress) throws {
    guard let snapshots, evaluation != nil, progress.step > 0 else { return }
    guard try snapshots.isDue(next) || isFinished(next) else { return }
    guard snapshots.policy.lastStep != progress.step else { return }
    try snapshots.save(progress, sharedParts, perRank: perRankParts, isProvisional: true)
  }

  /// Says where the trained weights are after a failed evaluation.
  func reportFailedEvaluation(_ epoch: Int) {
    guard let snapshots, model.group.rank == 0 else { return }
    snapshots.options.warn(
      "the evaluation of epoch \(epoch) failed after step \(progress?.step ?? 0); the newest "
        + "snapshot in '\(snapshots.folder.path)' has the weights of step "
        + "\(snapshots.inventory.lastStep.map { "\($0)" } ?? "none")")
  }

  /// Saves the final snapshot; returns on every rank once rank 0 has written it.
  func saveLast(_ progress: TrainingProgress, _ metric: Double?) throws {
    guard let snapshots else { return }
    try snapshots.finish(progress, sharedParts, perRank: perRankParts, metric: metric)
    try model.group.barrier()
  }

  /// Returns the metric of the snapshot at the end of an epoch.
  func snapshotMetric(of epoch: TrainingEpoch) throws(TrainingError) -> Double {
    guard let name = snapshotMetric else { return epoch.loss }
    if let value = epoch.metrics[name] { return value }
    let found = epoch.metrics.keys.sorted().joined(separator: ", ")
    throw TrainingError(
      .invalidArgument,
      "snapshotMetric is '\(name)', but the evaluation returns "
        + "\(found.isEmpty ? "nothing" : found): return '\(name)' as well, or choose another "
        + "metric")
  }

  private var sharedParts: SnapshotParts {
    var all: SnapshotParts = ["model": model, "optimizer": optimizer]
    all["schedule"] = schedule
    all["scaler"] = scaler
    return all.merging(parts) { builtIn, _ in builtIn }
  }

  private var perRankParts: SnapshotParts { ["epoch-loss": epochLoss] }
}
