/// The cosine of the angle between two inputs along a dimension, like PyTorch's
/// `nn.CosineSimilarity`.
public final class CosineSimilarity: Module {
  /// The dimension, which is removed.
  public let dim: Int
  /// A lower bound of the product of both norms.
  public let eps: Double

  /// Creates the function.
  public init(dim: Int = 1, eps: Double = 1e-8) {
    self.dim = dim
    self.eps = eps
  }

  /// Computes the cosines of two inputs of the same shape, or of shapes that broadcast.
  ///
  /// Call the module with two arguments: `try similarity(x1, x2)`.
  public func forward(_ input: (Tensor, Tensor)) -> Tensor {
    input.0.cosineSimilarity(input.1, dim: dim, eps: eps)
  }
}
