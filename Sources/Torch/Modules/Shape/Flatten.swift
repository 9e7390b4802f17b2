/// Joins dimensions into one, like PyTorch's `nn.Flatten`.
public final class Flatten: Module {
  /// The first dimension that is joined.
  public let startDim: Int
  /// The last dimension that is joined.
  public let endDim: Int

  /// Creates the function; the default keeps the batch, dimension 0.
  public init(startDim: Int = 1, endDim: Int = -1) {
    self.startDim = startDim
    self.endDim = endDim
  }

  /// Joins the dimensions.
  public func forward(_ input: Tensor) -> Tensor {
    input.flatten(startDim: startDim, endDim: endDim)
  }

  /// The dimensions, as PyTorch prints them.
  public var extraRepr: String { "start_dim=\(startDim), end_dim=\(endDim)" }
}

/// Splits a dimension into several, like PyTorch's `nn.Unflatten`.
public final class Unflatten: Module {
  /// The dimension that is split.
  public let dim: Int
  /// The sizes of the new dimensions; one of them may be -1.
  public let unflattenedSize: [Int]

  /// Creates the function.
  public init(_ dim: Int, _ unflattenedSize: [Int]) {
    self.dim = dim
    self.unflattenedSize = unflattenedSize
  }

  /// Splits the dimension.
  public func forward(_ input: Tensor) -> Tensor {
    input.unflatten(dim: dim, sizes: unflattenedSize)
  }

  /// The dimension and the sizes, as PyTorch prints them.
  public var extraRepr: String {
    "dim=\(dim), unflattened_size=\(pythonText(unflattenedSize))"
  }
}
