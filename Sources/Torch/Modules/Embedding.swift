internal import Support

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
  ///   - paddingIndex: The entry that is initially zero and receives no gradient. A negative index
  ///     counts from the end, as in PyTorch.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: The table has an entry at the padding index.
  public convenience init(
    _ entries: Int, _ size: Int, paddingIndex: Int? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(
      uninitialized: entries, size, paddingIndex: paddingIndex, file: file, line: line)
    noGrad {
      weight.normal_()
      if let paddingIndex = self.paddingIndex {
        weight.select(dim: 0, index: paddingIndex).zero_()
      }
    }
  }

  /// Creates a table with uninitialized memory; the caller must set all elements.
  public init(
    uninitialized entries: Int, _ size: Int, paddingIndex: Int? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    if let paddingIndex {
      require(
        paddingIndex >= -entries && paddingIndex < entries,
        "paddingIndex is \(paddingIndex), but the table has \(entries) entries: use an index below "
          + "\(entries), or nil", file: file, line: line)
    }
    self.paddingIndex = paddingIndex.map { $0 < 0 ? $0 + entries : $0 }
    weight = Tensor.empty([entries, size])
    weight.requiresGrad = true
  }

  /// Maps indices of shape `[…]`, int64 or int32, to vectors of shape `[…, size]`.
  public func forward(_ indices: Tensor) -> Tensor {
    embeddingOp.tensor(.tensor(weight), .tensor(indices), .int(paddingIndex ?? -1))
  }

  /// The sizes and the padding index, as PyTorch prints them.
  public var extraRepr: String {
    weight.shape.map { "\($0)" }.joined(separator: ", ")
      + (paddingIndex.map { ", padding_idx=\($0)" } ?? "")
  }
}

private let embeddingOp = Operator("lockstep::embedding")
