internal import Foundation
internal import Support
internal import Torch

/// Writes a line of JSON for each record, which other programs read while the job runs.
///
/// ```
/// {"hyperparameters":{"epochs":"4"},"time":1767225600.25}
/// {"step":0,"time":1767225601.5,"train/loss":0.6931}
/// ```
/// `time` is in seconds since 1970. Numbers that JSON lacks are the texts `"NaN"`, `"Infinity"` and
/// `"-Infinity"`, as in the JSON form of Protocol Buffers. A run that is resumed adds to the file and
/// tells repeated steps again: the later line counts. The half line of a killed run is cut off then.
public final class JSONLinesFile: MetricsSink {
  private let file: RecordFile
  private let encoder = JSONEncoder.ofAllNumbers()
  private let now: () -> Double

  /// Opens a file to add to, or creates it.
  ///
  /// - Throws: ``TrainingError`` with code `inputOutput`.
  public convenience init(_ path: String) throws(TrainingError) {
    try self.init(path, now: { WallClock.seconds })
  }

  init(_ path: String, now: @escaping () -> Double) throws(TrainingError) {
    file = try RecordFile.openLines(path)
    self.now = now
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  }

  /// Keeps numbers that belong to a step.
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

  /// Keeps the choices that a run was started with.
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
