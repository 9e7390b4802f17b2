/// The hyperbolic tangent.
///
/// Like PyTorch's `nn.Tanh`. The result has the shape of the input.
public final class Tanh: Module {
  /// Creates the activation.
  public init() {}

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input.tanh() }
}

/// The activation x - tanh(x).
///
/// Like PyTorch's `nn.Tanhshrink`. The result has the shape of the input.
public final class Tanhshrink: Module {
  /// Creates the activation.
  public init() {}

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input - input.tanh() }
}
