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
  /// The number of samples in each batch.
  private let sizes: [Int]

  init(_ step: TrainingStep, losses: [Tensor], sizes: [Int], norm: Tensor?) {
    self.step = step
    self.losses = losses.map(DeferredItem.init)
    self.sizes = sizes
    self.norm = norm.map(DeferredItem.init)
  }

  /// Reads the loss and the norm, waiting for the GPU if needed; returns the loss of each batch.
  func read() -> [Double] {
    let values = losses.map(\.value)
    step.loss =
      zip(values, sizes).map { $0 * (Double($1) / Double(step.samples)) }.reduce(0, +)
    step.gradientNorm = norm?.value
    return values
  }
}
