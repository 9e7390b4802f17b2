public import Collectives
internal import Support

/// Counts predicted and true entities, for scores per entity as seqeval computes them.
///
/// An entity is correct if its type and all of its tokens are. Tags follow the IOB2 scheme; see
/// ``EntitySpan/spans(in:)``.
///
/// ```swift
/// var counts = EntityCounts(types: ["LOC", "PER"])
/// counts.add(predictions: ["B-PER", "I-PER", "O"], labels: ["B-PER", "I-PER", "B-LOC"])
/// let report = try counts.report(over: group)
/// print(report.micro.f1, report.types["PER"]?.recall ?? 0)
/// ```
public struct EntityCounts: Sendable, Hashable {
  /// The scores of entities.
  public struct Report: Sendable, Hashable {
    /// The scores of each type.
    public var types: [String: ClassificationReport.Scores]
    /// The scores of all entities together: seqeval's `f1_score`.
    public var micro: ClassificationReport.Scores
    /// The unweighted mean over the types.
    public var macro: ClassificationReport.Scores
  }

  /// The types of entities, such as `PER`.
  public let types: [String]
  /// The number of correct, predicted and true entities of each type.
  private var counts: [[Int]]

  /// Creates counts of 0.
  ///
  /// - Parameters:
  ///   - types: The types of entities, in the same order on all ranks.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  /// - Precondition: There is at least one type, and each occurs once.
  public init(types: [String], file: StaticString = #fileID, line: UInt = #line) {
    require(
      !types.isEmpty && Set(types).count == types.count,
      "EntityCounts: the types \(types) are empty or repeat one: pass each type once", file: file,
      line: line)
    self.types = types
    counts = Array(repeating: [0, 0, 0], count: types.count)
  }

  /// Counts the entities of one sequence.
  ///
  /// - Parameters:
  ///   - predictions: The predicted tag of each token.
  ///   - labels: The true tag of each token.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  /// - Precondition: There are as many predictions as labels, and all types are known.
  public mutating func add(
    predictions: [String], labels: [String], file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      predictions.count == labels.count,
      "EntityCounts: there are \(predictions.count) predictions, but \(labels.count) labels",
      file: file, line: line)
    let predicted = EntitySpan.spans(in: predictions)
    let expected = EntitySpan.spans(in: labels)
    let correct = Set(predicted).intersection(expected)
    for (column, spans) in [Array(correct), predicted, expected].enumerated() {
      for span in spans {
        let row = types.firstIndex(of: span.type)
        require(
          row != nil, "EntityCounts: unknown type '\(span.type)'; the types are \(types)",
          file: file, line: line)
        counts[row ?? 0][column] += 1
      }
    }
  }

  /// Returns the scores of the entities of all ranks, the same on every rank.
  ///
  /// The counts are summed, so the scores are exact for every world size.
  ///
  /// - Throws: ``Collectives/CollectiveError`` if a peer is lost or times out.
  public func report(over group: any ProcessGroup) throws(CollectiveError) -> Report {
    let sums = try group.allReduce(Array(counts.joined()))
    let rows = types.indices.map { Array(sums[3 * $0..<3 * $0 + 3]) }
    func scores(_ row: [Int]) -> ClassificationReport.Scores {
      .init(correct: row[0], predicted: row[1], support: row[2])
    }
    let each = rows.map(scores)
    return Report(
      types: Dictionary(uniqueKeysWithValues: zip(types, each)),
      micro: scores((0..<3).map { column in rows.reduce(0) { $0 + $1[column] } }),
      macro: .init(each, weights: Array(repeating: 1, count: types.count)))
  }
}
