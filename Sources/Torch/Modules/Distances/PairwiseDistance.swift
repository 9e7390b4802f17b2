/// The p-norm of the difference of two inputs along the last dimension, like PyTorch's
/// `nn.PairwiseDistance`.
public final class PairwiseDistance: Module {
  /// The exponent of the norm.
  public let p: Double
  /// Added to each difference.
  public let eps: Double
  /// Whether the last dimension is kept, with size 1.
  public let keepDim: Bool

  /// Creates the function.
  public init(p: Double = 2, eps: Double = 1e-6, keepDim: Bool = false) {
    self.p = p
    self.eps = eps
    self.keepDim = keepDim
  }

  /// Computes the distances of two inputs of shape `[…, size]`.
  ///
  /// Call the module with two arguments: `try distance(x1, x2)`.
  public func forward(_ input: (Tensor, Tensor)) -> Tensor {
    input.0.pairwiseDistance(input.1, p: p, eps: eps, keepDim: keepDim)
  }
}
