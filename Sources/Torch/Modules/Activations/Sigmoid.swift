/// The logistic function 1 / (1 + e⁻ˣ).
///
/// Like PyTorch's `nn.Sigmoid`. The result has the shape of the input.
public final class Sigmoid: Module {
  /// Creates the activation.
  public init() {}

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input.sigmoid() }
}

/// The logarithm of the sigmoid.
///
/// Like PyTorch's `nn.LogSigmoid`. The result has the shape of the input.
public final class LogSigmoid: Module {
  /// Creates the activation.
  public init() {}

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input.logSigmoid() }
}

/// A piecewise linear approximation of the sigmoid.
///
/// Like PyTorch's `nn.Hardsigmoid`. The result has the shape of the input.
public final class Hardsigmoid: Module {
  /// Creates the activation.
  public init() {}

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input.hardsigmoid() }
}
