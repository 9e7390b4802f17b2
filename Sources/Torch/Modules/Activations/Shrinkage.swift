/// The elements outside of [-lambd, lambd]; the others are 0.
///
/// Like PyTorch's `nn.Hardshrink`. The result has the shape of the input.
public final class Hardshrink: Module {
  /// The limit.
  public let lambd: Double

  /// Creates the activation.
  public init(_ lambd: Double = 0.5) {
    self.lambd = lambd
  }

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input.hardshrink(lambd: lambd) }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String { pythonText(lambd) }
}

/// The elements moved towards 0 by `lambd`; those within [-lambd, lambd] are 0.
///
/// Like PyTorch's `nn.Softshrink`. The result has the shape of the input.
public final class Softshrink: Module {
  /// The distance.
  public let lambd: Double

  /// Creates the activation.
  public init(_ lambd: Double = 0.5) {
    self.lambd = lambd
  }

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input.softshrink(lambd: lambd) }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String { pythonText(lambd) }
}
