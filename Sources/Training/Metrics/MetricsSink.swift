/// A destination for the metrics of a training run.
///
/// Not thread-safe. Create it on one rank of a job only: every rank would write the same values.
///
/// ```swift
/// let metrics = group.rank == 0 ? try MetricsFolder("runs/1") : nil
/// …
/// try metrics?.record(["train/loss": loss, "train/learning_rate": rate], step: step)
/// ```
public protocol MetricsSink: AnyObject {
  /// Records the scalars of a step; when the call returns, the operating system has the data.
  ///
  /// - Parameters:
  ///   - scalars: Values by name. A slash in a name groups scalars: `train/loss`.
  ///   - step: The index of the optimizer step, counted from 0.
  /// - Throws: ``TrainingError``; earlier records stay intact, and later calls may succeed.
  func record(_ scalars: [String: Double], step: Int) throws(TrainingError)

  /// Records the hyperparameters of the run.
  func record(hyperparameters: [String: String]) throws(TrainingError)
}
