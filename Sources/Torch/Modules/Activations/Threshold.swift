/// The elements above a threshold; the others are `value`.
///
/// Like PyTorch's `nn.Threshold`. The result has the shape of the input.
public final class Threshold: Module {
  /// The threshold.
  public let threshold: Double
  /// What replaces elements that do not exceed the threshold.
  public let value: Double

  /// Creates the activation.
  public init(_ threshold: Double, _ value: Double) {
    self.threshold = threshold
    self.value = value
  }

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input.threshold(threshold, value) }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String { "threshold=\(pythonText(threshold)), value=\(pythonText(value))" }
}
