internal import Support

/// Regression metrics with scikit-learn's definitions.
///
/// Computed from all samples in data set order
/// (``Collectives/ProcessGroup/gatherInOrder(_:count:)``), so it is bit-identical for every world
/// size.
public struct RegressionReport: Sendable, Hashable, Codable {
  /// The number of samples.
  public let samples: Int
  /// The mean squared error; 0 without samples.
  public let meanSquaredError: Double
  /// The mean absolute error; 0 without samples.
  public let meanAbsoluteError: Double
  /// The square root of the mean squared error.
  public var rootMeanSquaredError: Double { meanSquaredError.squareRoot() }
  /// The coefficient of determination R²; `nil` for fewer than two samples.
  ///
  /// If all targets are equal, it is 1 for exact predictions and 0 otherwise.
  public let r2: Double?

  /// Compares predictions with targets.
  ///
  /// - Parameters:
  ///   - predictions: The prediction for each sample; no NaN.
  ///   - targets: The true value of each sample.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  /// - Precondition: There are as many predictions as targets.
  public init(
    predictions: [Double], targets: [Double], file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      predictions.count == targets.count,
      "RegressionReport: there are \(predictions.count) predictions, but \(targets.count) targets",
      file: file, line: line)
    let count = Double(max(targets.count, 1))
    let errors = zip(predictions, targets).map { $0 - $1 }
    let squares = errors.reduce(0) { $0 + $1 * $1 }
    let mean = targets.reduce(0, +) / count
    let variation = targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    samples = targets.count
    meanSquaredError = squares / count
    meanAbsoluteError = errors.reduce(0) { $0 + abs($1) } / count
    r2 =
      if targets.count < 2 { nil } else if variation == 0 { squares == 0 ? 1 : 0 } else {
        1 - squares / variation
      }
  }
}
