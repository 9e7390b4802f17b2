/// Keeps the numbers of a run in a folder in both forms: `metrics.jsonl` and TensorBoard's files.
public final class MetricsFolder: MetricsSink {
  private let lines: JSONLinesFile
  private let events: TensorBoardFile

  /// Opens the folder of a run, or makes it.
  ///
  /// - Parameters:
  ///   - path: The folder; a resumed run is given that of the run that it takes up.
  ///   - resumedStep: See ``TensorBoardFile/init(_:resumedStep:)``.
  /// - Throws: ``TrainingError`` with code `inputOutput`.
  public init(_ path: String, resumedStep: Int? = nil) throws(TrainingError) {
    events = try TensorBoardFile(path, resumedStep: resumedStep)
    lines = try JSONLinesFile("\(path)/metrics.jsonl")
  }

  /// Keeps numbers that belong to a step.
  public func record(_ scalars: [String: Double], step: Int) throws(TrainingError) {
    try lines.record(scalars, step: step)
    try events.record(scalars, step: step)
  }

  /// Keeps the choices that a run was started with.
  public func record(hyperparameters: [String: String]) throws(TrainingError) {
    try lines.record(hyperparameters: hyperparameters)
    try events.record(hyperparameters: hyperparameters)
  }
}
