public import Torch

/// What the loss closure of `fit(_:loss:)` returns: a mean, or a ``WeightedLoss``.
public protocol TrainingLoss {
  /// How the loss contributes to a step.
  var contribution: LossContribution { get }
}

/// How the loss of a batch contributes to a step.
public enum LossContribution {
  /// The mean loss over the samples of a batch, a scalar.
  case mean(Tensor)
  /// A sum of losses, a scalar, and its weight.
  case sum(Tensor, weight: Double)
}

extension Tensor: TrainingLoss {
  /// A tensor is the mean loss of its batch.
  public var contribution: LossContribution { .mean(self) }
}

/// A sum of losses with its weight, such as the number of tokens or samples.
///
/// A step then minimizes the sum over all batches and ranks, divided by the sum of their weights.
/// Mean losses instead give each rank the same share, even if it has fewer tokens.
///
/// ```swift
/// try trainer.fit(loader) { model, batch in
///   WeightedLoss(
///     sum: crossEntropy(
///       try model(batch.tokens), batch.targets, ignoreIndex: -100, reduction: .sum),
///     weight: batch.targetCount)
/// }
/// ```
public struct WeightedLoss: TrainingLoss {
  /// The sum of the losses, a scalar.
  public let sum: Tensor
  /// The weight, at least 0, such as the number of tokens or samples that ``sum`` adds up.
  public let weight: Double

  /// Creates a loss from a sum.
  ///
  /// - Parameters:
  ///   - sum: The sum of the losses, a scalar.
  ///   - weight: The weight, at least 0, counted on the host; reading it from a GPU tensor waits
  ///     for the GPU.
  public init(sum: Tensor, weight: Double) {
    self.sum = sum
    self.weight = weight
  }

  /// Creates a loss from a sum over a number of tokens or samples.
  public init(sum: Tensor, weight: Int) { self.init(sum: sum, weight: Double(weight)) }

  /// Creates a loss from a mean over a number of tokens or samples, at least 1.
  public init(mean: Tensor, weight: Int) { self.init(sum: mean * Double(weight), weight: weight) }

  /// The sum and its weight.
  public var contribution: LossContribution { .sum(sum, weight: weight) }
}
