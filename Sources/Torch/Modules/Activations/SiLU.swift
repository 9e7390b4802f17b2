/// The sigmoid linear unit x σ(x), also known as swish.
///
/// Like PyTorch's `nn.SiLU`. The result has the shape of the input.
public final class SiLU: Module {
  /// Creates the activation.
  public init() {}

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input.silu() }
}

/// The activation x tanh(softplus(x)).
///
/// Like PyTorch's `nn.Mish` (Misra 2019). The result has the shape of the input.
public final class Mish: Module {
  /// Creates the activation.
  public init() {}

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input.mish() }
}

/// A piecewise approximation of ``SiLU``.
///
/// Like PyTorch's `nn.Hardswish` (Howard et al. 2019). The result has the shape of the input.
public final class Hardswish: Module {
  /// Creates the activation.
  public init() {}

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input.hardswish() }
}
