/// Writes the metrics of a run to a folder, both to `metrics.jsonl` and to TensorBoard event files.
public final class MetricsFolder: MetricsSink {
  private let lines: JSONLinesFile
  private let events: TensorBoardFile

  /// Opens the folder of a run, or creates it.
  ///
  /// - Parameters:
  ///   - path: The folder. A resumed run uses the folder of the run that it continues.
  ///   - resumedStep: See ``TensorBoardFile/init(_:resumedStep:)``.
  /// - Throws: ``TrainingError`` with code `inputOutput`.
  public init(_ path: String, resumedStep: Int? = nil) throws(TrainingError) {
    events = try TensorBoardFile(path, resumedStep: resumedStep)
    lines = try JSONLinesFile("\(path)/metrics.jsonl")
  }

  /// Records the scalars of a step.
  public func record(_ scalars: [String: Double], step: Int) throws(TrainingError) {
    try lines.record(scalars, step: step)
    try events.record(scalars, step: step)
  }

  /// Records the hyperparameters of the run.
  public func record(hyperparameters: [String: String]) throws(TrainingError) {
    try lines.record(hyperparameters: hyperparameters)
    try events.record(hyperparameters: hyperparameters)
  }
}
