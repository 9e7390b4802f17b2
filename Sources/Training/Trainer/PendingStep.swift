internal import Torch

/// A step whose loss and gradient norm the host has not read yet.
///
/// A GPU may still be computing them.
final class PendingStep {
  /// The result of the step; its loss and gradient norm are set by ``read()``.
  var step: TrainingStep
  /// The mean loss of each batch.
  private let losses: [DeferredItem]
  private let norm: DeferredItem?
  /// The weight of each batch, such as its number of samples.
  private let weights: [Double]
  /// Whether the losses stated their weights.
  private let isWeighted: Bool

  init(_ step: TrainingStep, losses: [Tensor], weights: [Double], isWeighted: Bool, norm: Tensor?) {
    self.step = step
    self.losses = losses.map(DeferredItem.init)
    self.weights = weights
    self.isWeighted = isWeighted
    self.norm = norm.map(DeferredItem.init)
  }

  /// The weights of the batches in the mean of the epoch: those of the losses, or 1 for means.
  var epochWeights: [Double] { isWeighted ? weights : weights.map { _ in 1 } }

  /// Reads the loss and the norm, waiting for the GPU if needed; returns the loss of each batch.
  func read() -> [Double] {
    let values = losses.map(\.value)
    step.loss =
      step.weight == 0
      ? 0 : zip(values, weights).map { $0 * ($1 / step.weight) }.reduce(0, +)
    step.gradientNorm = norm?.value
    return values
  }
}
