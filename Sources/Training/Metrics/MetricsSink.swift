/// Something that keeps the numbers of a training run.
///
/// For one thread at a time, and for one rank of a job: each rank would write the same.
///
/// ```swift
/// let metrics = group.rank == 0 ? try MetricsFolder("runs/1") : nil
/// …
/// try metrics?.record(["train/loss": loss, "train/learning_rate": rate], step: step)
/// ```
public protocol MetricsSink: AnyObject {
  /// Keeps numbers that belong to a step; when it returns, the system has them.
  ///
  /// - Parameters:
  ///   - scalars: Names and values. A slash in a name groups it with others: `train/loss`.
  ///   - step: The number of optimizer steps before this one.
  /// - Throws: ``TrainingError``; what was recorded before is intact, and later calls may succeed.
  func record(_ scalars: [String: Double], step: Int) throws(TrainingError)

  /// Keeps the choices that a run was started with.
  func record(hyperparameters: [String: String]) throws(TrainingError)
}
