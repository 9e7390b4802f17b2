/// A table of vectors, looked up by number.
public final class Embedding: Module {
  /// Shape `[entries, size]`.
  public let weight: Tensor
  private let paddingIndex: Int?

  /// Draws the table from the standard normal distribution, as PyTorch's `nn.Embedding`.
  ///
  /// - Parameters:
  ///   - entries: How many vectors there are.
  ///   - size: How long each is.
  ///   - paddingIndex: The entry that starts as zeros and gets no gradient.
  public convenience init(_ entries: Int, _ size: Int, paddingIndex: Int? = nil) {
    self.init(uninitialized: entries, size, paddingIndex: paddingIndex)
    withoutGradients {
      weight.fillNormal()
      if let paddingIndex { weight.selected(along: 0, at: paddingIndex).fillWithZeros() }
    }
  }

  /// Leaves the table as memory holds it, for a caller that sets it anyway.
  public init(uninitialized entries: Int, _ size: Int, paddingIndex: Int? = nil) {
    self.paddingIndex = paddingIndex
    weight = Tensor(empty: [entries, size])
    weight.requiresGrad = true
  }

  /// Maps numbers of shape `[…]`, int64 or int32, to vectors `[…, size]`.
  public func forward(_ indices: Tensor) -> Tensor {
    embedding.tensor(.tensor(weight), .tensor(indices), .int(paddingIndex ?? -1))
  }
}

private let embedding = Operator("lockstep::embedding")
