/// The exponential linear unit: x, or alpha (eˣ - 1) for a negative x.
///
/// Like PyTorch's `nn.ELU` (Clevert et al. 2015). The result has the shape of the input.
public final class ELU: Module {
  /// The scale for negative elements.
  public let alpha: Double

  /// Creates the activation.
  public init(alpha: Double = 1) {
    self.alpha = alpha
  }

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input.elu(alpha: alpha) }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String { "alpha=\(pythonText(alpha))" }
}

/// The continuously differentiable exponential linear unit.
///
/// Like PyTorch's `nn.CELU` (Barron 2017). The result has the shape of the input.
public final class CELU: Module {
  /// The scale for negative elements.
  public let alpha: Double

  /// Creates the activation.
  public init(alpha: Double = 1) {
    self.alpha = alpha
  }

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input.celu(alpha: alpha) }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String { "alpha=\(pythonText(alpha))" }
}

/// The scaled exponential linear unit.
///
/// Like PyTorch's `nn.SELU` (Klambauer et al. 2017). The result has the shape of the input.
public final class SELU: Module {
  /// Creates the activation.
  public init() {}

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input.selu() }
}
