public import Collectives
internal import Support

/// Counts the tokens of each class by their predicted class, for scores per token.
///
/// ```swift
/// var counts = TokenCounts(classCount: 9)
/// counts.add(predictions: predicted, labels: labels)   // for each batch
/// let report = try counts.report(over: group)
/// print(report.macro.f1)
/// ```
public struct TokenCounts: Sendable, Hashable {
  /// The number of tokens of each class (row) predicted as each class (column).
  public private(set) var confusion: [[Int]]

  /// Creates counts of 0.
  ///
  /// - Precondition: `classCount` is at least 1.
  public init(classCount: Int, file: StaticString = #fileID, line: UInt = #line) {
    require(
      classCount >= 1, "TokenCounts: classCount is \(classCount); use 1 or more", file: file,
      line: line)
    confusion = Array(repeating: Array(repeating: 0, count: classCount), count: classCount)
  }

  /// Counts some tokens.
  ///
  /// - Parameters:
  ///   - predictions: The predicted class of each token.
  ///   - labels: The true class of each token.
  ///   - ignoreIndex: The label of tokens that do not count, such as padding; PyTorch's default.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: There are as many predictions as labels, and all classes are below the number
  ///   of classes.
  public mutating func add(
    predictions: [Int], labels: [Int], ignoreIndex: Int = -100, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      predictions.count == labels.count,
      "TokenCounts: there are \(predictions.count) predictions, but \(labels.count) labels",
      file: file, line: line)
    for (index, (prediction, label)) in zip(predictions, labels).enumerated()
    where label != ignoreIndex {
      for (name, value) in [("prediction", prediction), ("label", label)] {
        require(
          confusion.indices.contains(value),
          "TokenCounts: the \(name) of token \(index) is \(value), but there are "
            + "\(confusion.count) classes, counted from 0", file: file, line: line)
      }
      confusion[label][prediction] += 1
    }
  }

  /// Returns the scores of the tokens of all ranks, the same on every rank.
  ///
  /// The counts are summed, so the scores are exact for every world size.
  ///
  /// - Throws: ``Collectives/CollectiveError`` if a peer is lost or times out.
  public func report(over group: any ProcessGroup) throws(CollectiveError) -> ClassificationReport {
    let sums = try group.allReduce(Array(confusion.joined()))
    let count = confusion.count
    return ClassificationReport(
      confusion: (0..<count).map { Array(sums[$0 * count..<($0 + 1) * count]) })
  }
}
