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
    let settings = runSettings(accumulation: try accumulation(loader))
    var now = TrainingProgress(loader.batchSampler.sampler.position)
    let resumed = try snapshots.resume(
      &now, sharedParts, perRank: perRankParts, loader, settings: settings)
    self.snapshots = snapshots
    progress = now
    return resumed
  }

  /// The settings of this run that snapshots record.
  func runSettings(accumulation: Int) -> RunSettings {
    RunSettings(
      options.length, gradientAccumulation: accumulation, precision: options.precision,
      maxGradientNorm: options.maxGradientNorm, dataKey: dataKey, others: otherSettings)
  }

  func saveIfDue(_ progress: TrainingProgress, _ metric: Double? = nil) throws {
    guard let snapshots else { return }
    let isDue = try snapshots.isDue(progress)
    // An unread loss may be NaN: check it before saving.
    if isDue { try readPendingStep() }
    try snapshots.save(progress, sharedParts, perRank: perRankParts, metric: metric, ifDue: isDue)
  }

  /// Saves a provisional snapshot before an evaluation, which may fail.
  ///
  /// - Parameters:
  ///   - progress: The progress from which the evaluation is repeated.
  ///   - next: The progress after the evaluation, which may end the epoch.
  /// - Throws: The errors of ``Snapshots``.
  func saveBeforeEvaluation(_ progress: TrainingProgress, next: TrainingProgress) throws {
    guard let snapshots, evaluation != nil, progress.step > 0 else { return }
    guard try snapshots.isDue(next) || isFinished(next) else { return }
    guard snapshots.policy.lastStep != progress.step else { return }
    try snapshots.save(progress, sharedParts, perRank: perRankParts, isProvisional: true)
  }

  /// Says where the trained weights are after a failed evaluation.
  func reportFailedEvaluation(_ progress: TrainingProgress) {
    guard let snapshots, model.group.rank == 0 else { return }
    snapshots.options.warn(
      "the evaluation of epoch \(progress.epoch) failed after step \(progress.step); the newest "
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
    return try snapshotMetric(name, epoch.metrics)
  }

  /// Returns the metric of the snapshot from the results of an evaluation.
  func snapshotMetric(
    _ name: String, _ metrics: [String: Double]
  ) throws(TrainingError) -> Double {
    if let value = metrics[name] { return value }
    let found = metrics.keys.sorted().joined(separator: ", ")
    throw TrainingError(
      .invalidArgument,
      "snapshotMetric is '\(name)', but the evaluation returns "
        + "\(found.isEmpty ? "nothing" : found): return '\(name)' as well, or choose another "
        + "metric")
  }

  var sharedParts: SnapshotParts {
    var all: SnapshotParts = ["model": model, "optimizer": optimizer]
    all["schedule"] = schedule
    all["scaler"] = scaler
    all[EvaluationParts.earlyStopping] = earlyStopping
    if options.evaluationInterval != nil || earlyStopping != nil {
      all[EvaluationParts.evaluatedStep] = evaluatedStep
    }
    return all.merging(parts) { builtIn, _ in builtIn }
  }

  var perRankParts: SnapshotParts {
    var parts: SnapshotParts = ["epoch-loss": epochLoss]
    parts["stream"] = stream
    return parts
  }
}

/// The names of the parts that snapshots have only if training evaluates every few steps or stops
/// early.
///
/// A run may add or omit them when it resumes.
enum EvaluationParts {
  static let earlyStopping = "early-stopping"
  static let evaluatedStep = "evaluated-step"
  static let names: Set = [earlyStopping, evaluatedStep]
}
