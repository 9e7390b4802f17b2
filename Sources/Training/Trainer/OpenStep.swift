internal import Torch

/// A step whose numbers the host has not read yet: a GPU may still be computing them.
final class OpenStep {
  /// What the step came to; its loss and its norm are no numbers before ``read()``.
  var step: TrainingStep
  /// The losses of its batches, each a mean.
  private let losses: [DeferredItem]
  private let norm: DeferredItem?
  /// The number of samples in each batch.
  private let parts: [Int]

  init(_ step: TrainingStep, losses: [Tensor], parts: [Int], norm: Tensor?) {
    self.step = step
    self.losses = losses.map(DeferredItem.init)
    self.parts = parts
    self.norm = norm.map(DeferredItem.init)
  }

  /// Reads the numbers, which waits for a GPU to have computed them; returns the batches' losses.
  func read() -> [Double] {
    let values = losses.map(\.value)
    step.loss =
      zip(values, parts).map { $0 * (Double($1) / Double(step.samples)) }.reduce(0, +)
    step.gradientNorm = norm?.value
    return values
  }
}
