public import Collectives

/// Counts the predictions that equal their references as a whole, such as answers or sequences.
///
/// ```swift
/// var match = ExactMatch()
/// match.add(answer, expected)   // for each sample
/// print(try match.summed(over: group).score)
/// ```
public struct ExactMatch: Sendable, Hashable {
  /// The number of predictions that equal their reference.
  public private(set) var matches = 0
  /// The number of predictions.
  public private(set) var samples = 0

  /// The fraction of predictions that equal their reference; 0 without predictions.
  public var score: Double { samples == 0 ? 0 : Double(matches) / Double(samples) }

  /// Creates counts of 0.
  public init() {}

  /// Counts one prediction.
  public mutating func add<Value: Equatable>(_ prediction: Value, _ reference: Value) {
    matches += prediction == reference ? 1 : 0
    samples += 1
  }

  /// Returns the counts of all ranks, the same on every rank.
  ///
  /// - Throws: ``Collectives/CollectiveError`` if a peer is lost or times out.
  public func summed(over group: any ProcessGroup) throws(CollectiveError) -> ExactMatch {
    let sums = try group.allReduce([matches, samples])
    var result = ExactMatch()
    result.matches = sums[0]
    result.samples = sums[1]
    return result
  }
}
