/// A lookup table of vectors, like PyTorch's `nn.Embedding`.
public final class Embedding: Module {
  /// Shape `[entries, size]`.
  public let weight: Tensor
  private let paddingIndex: Int?

  /// Creates a table drawn from the standard normal distribution.
  ///
  /// - Parameters:
  ///   - entries: The number of vectors.
  ///   - size: The length of each vector.
  ///   - paddingIndex: The entry that is initially zero and receives no gradient.
  public convenience init(_ entries: Int, _ size: Int, paddingIndex: Int? = nil) {
    self.init(uninitialized: entries, size, paddingIndex: paddingIndex)
    withoutGradients {
      weight.fillNormal()
      if let paddingIndex { weight.selected(along: 0, at: paddingIndex).fillWithZeros() }
    }
  }

  /// Creates a table with uninitialized memory; the caller must set all elements.
  public init(uninitialized entries: Int, _ size: Int, paddingIndex: Int? = nil) {
    self.paddingIndex = paddingIndex
    weight = Tensor(empty: [entries, size])
    weight.requiresGrad = true
  }

  /// Maps indices of shape `[…]`, int64 or int32, to vectors of shape `[…, size]`.
  public func forward(_ indices: Tensor) -> Tensor {
    embeddingOp.tensor(.tensor(weight), .tensor(indices), .int(paddingIndex ?? -1))
  }
}

private let embeddingOp = Operator("lockstep::embedding")
