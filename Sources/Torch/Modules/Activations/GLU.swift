/// The gated linear unit: the first half along a dimension times the sigmoid of the second half.
///
/// Like PyTorch's `nn.GLU` (Dauphin et al. 2016).
public final class GLU: Module {
  /// The dimension that is halved; its size has to be even.
  public let dim: Int

  /// Creates the activation.
  public init(dim: Int = -1) { self.dim = dim }

  /// Computes the activation; the size of the dimension is half that of the input.
  public func forward(_ input: Tensor) -> Tensor { input.glu(dim: dim) }

  /// The dimension, as PyTorch prints it.
  public var extraRepr: String { "dim=\(dim)" }
}
