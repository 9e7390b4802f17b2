/// The Gaussian error linear unit x Φ(x) (Hendrycks & Gimpel 2016).
///
/// Like PyTorch's `nn.GELU`. The result has the shape of the input.
public final class GELU: Module {
  /// The method by which Φ is computed.
  public let approximate: GELUApproximation

  /// Creates the activation.
  public init(approximate: GELUApproximation = .exact) { self.approximate = approximate }

  /// Computes the activation of every element.
  public func forward(_ input: Tensor) -> Tensor { input.gelu(approximate: approximate) }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String { "approximate='\(approximate.rawValue)'" }
}
