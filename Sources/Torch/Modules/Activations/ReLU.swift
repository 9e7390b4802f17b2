/// The rectified linear unit max(0, x).
///
/// Like PyTorch's `nn.ReLU`. The result has the shape of the input.
public final class ReLU: Module {
  /// Creates the activation.
  public init() {}

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input.relu() }
}

/// The rectified linear unit, limited to [0, 6].
///
/// Like PyTorch's `nn.ReLU6`. The result has the shape of the input.
public final class ReLU6: Module {
  /// Creates the activation.
  public init() {}

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input.hardtanh(minVal: 0.0, maxVal: 6.0) }
}

/// The leaky rectified linear unit: x, or `negativeSlope` times a negative x.
///
/// Like PyTorch's `nn.LeakyReLU`. The result has the shape of the input.
public final class LeakyReLU: Module {
  /// The slope for negative elements.
  public let negativeSlope: Double

  /// Creates the activation.
  public init(_ negativeSlope: Double = 0.01) {
    self.negativeSlope = negativeSlope
  }

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input.leakyRelu(negativeSlope: negativeSlope) }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String { "negative_slope=\(pythonText(negativeSlope))" }
}
