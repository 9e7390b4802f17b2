public import Collectives
internal import Foundation

/// The perplexity of a language model: the exponential of its mean cross-entropy per token.
///
/// Sums losses and tokens, so batches and ranks may have different numbers of tokens.
///
/// ```swift
/// var perplexity = Perplexity()
/// perplexity.add(lossSum: crossEntropy(logits, targets, reduction: .sum).item, tokens: count)
/// print(try perplexity.summed(over: group).value)
/// ```
public struct Perplexity: Sendable, Hashable {
  /// The sum of the tokens' cross-entropies, in nats.
  public private(set) var lossSum = 0.0
  /// The number of tokens.
  public private(set) var tokens = 0

  /// The mean cross-entropy per token in nats; NaN without tokens.
  public var meanLoss: Double { lossSum / Double(tokens) }
  /// The perplexity; NaN without tokens.
  public var value: Double { exp(meanLoss) }

  /// Creates sums of 0.
  public init() {}

  /// Adds the tokens of a batch.
  ///
  /// - Parameters:
  ///   - lossSum: The sum of their cross-entropies, not the mean.
  ///   - tokens: The number of tokens that the loss adds up.
  public mutating func add(lossSum: Double, tokens: Int) {
    self.lossSum += lossSum
    self.tokens += tokens
  }

  /// Returns the sums over all ranks, the same on every rank.
  ///
  /// - Throws: ``Collectives/CollectiveError`` if a peer is lost or times out.
  public func summed(over group: any ProcessGroup) throws(CollectiveError) -> Perplexity {
    var result = Perplexity()
    result.tokens = try group.allReduce([tokens])[0]
    // Added in rank order, which does not depend on the reduction algorithm.
    result.lossSum = try group.allGather([lossSum]).reduce(0) { $0 + $1[0] }
    return result
  }
}
