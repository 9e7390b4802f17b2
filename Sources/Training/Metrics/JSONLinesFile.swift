internal import Foundation
internal import Support
internal import Torch

/// Writes one line of JSON per record; other programs can read the file while the job runs.
///
/// ```
/// {"hyperparameters":{"epochs":"4"},"time":1767225600.25}
/// {"step":0,"time":1767225601.5,"train/loss":0.6931}
/// ```
/// `time` is in seconds since 1970. Values that JSON cannot represent are the strings `"NaN"`,
/// `"Infinity"` and `"-Infinity"`, as in the JSON form of Protocol Buffers. A resumed run appends
/// to the file and writes repeated steps again; the later line counts. It first removes the
/// incomplete last line of a run that was killed.
public final class JSONLinesFile: MetricsSink {
  private let file: RecordFile
  private let encoder = JSONEncoder.ofAllNumbers()
  private let now: () -> Double

  /// Opens a file for appending, or creates it.
  ///
  /// - Throws: ``TrainingError`` with code `inputOutput`.
  public convenience init(_ path: String) throws(TrainingError) {
    try self.init(path, now: { WallClock.seconds })
  }

  package init(_ path: String, now: @escaping () -> Double) throws(TrainingError) {
    file = try RecordFile.openLines(path)
    self.now = now
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  }

  /// Records the scalars of a step.
  ///
  /// - Throws: ``TrainingError`` with code `invalidName` for scalars named `step` or `time`.
  public func record(_ scalars: [String: Double], step: Int) throws(TrainingError) {
    var line = scalars.mapValues(Value.number)
    for (name, value) in [("step", Value.integer(step)), ("time", .number(now()))] {
      guard line.updateValue(value, forKey: name) == nil else {
        throw TrainingError(
          .invalidName, "the name '\(name)' is reserved in every line: rename the scalar")
      }
    }
    try append(line)
  }

  /// Records the hyperparameters of the run.
  public func record(hyperparameters: [String: String]) throws(TrainingError) {
    try append(["hyperparameters": .texts(hyperparameters), "time": .number(now())])
  }

  private func append(_ line: [String: Value]) throws(TrainingError) {
    guard let bytes = try? encoder.encode(line) else {
      preconditionFailure("cannot encode \(line) as JSON")
    }
    try file.append(bytes + [0x0A])
  }

  private enum Value: Encodable {
    case integer(Int)
    case number(Double)
    case texts([String: String])

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .integer(let value): try container.encode(value)
      case .number(let value): try container.encode(value)
      case .texts(let value): try container.encode(value)
      }
    }
  }
}
