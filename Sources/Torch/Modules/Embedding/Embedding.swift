internal import Support

/// A lookup table of vectors.
///
/// PyTorch: `nn.Embedding`.
public final class Embedding: Module {
  /// The vectors, shape `[numEmbeddings, embeddingDim]`.
  ///
  /// Assign the weight of another module to share it with that module.
  public var weight: Tensor
  /// The number of vectors.
  public let numEmbeddings: Int
  /// The length of each vector.
  public let embeddingDim: Int
  /// The entry that receives no gradient.
  public let paddingIdx: Int?
  /// The largest norm of a vector; longer ones are shortened when they are looked up.
  public var maxNorm: Double?
  /// The exponent of the norm for `maxNorm`.
  public var normType: Double
  /// Whether gradients are divided by the number of times that an entry occurs in the input.
  public var scaleGradByFreq: Bool

  /// Creates a table drawn from the standard normal distribution.
  ///
  /// - Parameters:
  ///   - numEmbeddings: The number of vectors.
  ///   - embeddingDim: The length of each vector.
  ///   - paddingIdx: The entry that is initially zero and receives no gradient. A negative index
  ///     counts from the end, as in PyTorch.
  ///   - maxNorm: Vectors with a larger norm are shortened to it, in the table, when they are
  ///     looked up.
  ///   - normType: The exponent of that norm.
  ///   - scaleGradByFreq: Whether to divide the gradient of an entry by the number of times that it
  ///     occurs in the input.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: The table has an entry at the padding index.
  public convenience init(
    _ numEmbeddings: Int, _ embeddingDim: Int, paddingIdx: Int? = nil, maxNorm: Double? = nil,
    normType: Double = 2, scaleGradByFreq: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(
      uninitialized: numEmbeddings, embeddingDim, paddingIdx: paddingIdx, maxNorm: maxNorm,
      normType: normType, scaleGradByFreq: scaleGradByFreq, file: file, line: line)
    fillTable(weight, zeroAt: self.paddingIdx)
  }

  /// Creates a table with uninitialized memory; the caller must set all elements.
  public convenience init(
    uninitialized numEmbeddings: Int, _ embeddingDim: Int, paddingIdx: Int? = nil,
    maxNorm: Double? = nil, normType: Double = 2, scaleGradByFreq: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      .parameter([numEmbeddings, embeddingDim]), paddingIdx, maxNorm, normType,
      scaleGradByFreq, file, line)
  }

  private init(
    _ weight: Tensor, _ paddingIdx: Int?, _ maxNorm: Double?, _ normType: Double,
    _ scaleGradByFreq: Bool, _ file: StaticString, _ line: UInt
  ) {
    self.weight = weight
    numEmbeddings = weight.shape[0]
    embeddingDim = weight.shape[1]
    self.paddingIdx = tableIndex(paddingIdx, of: numEmbeddings, file, line)
    self.maxNorm = maxNorm
    self.normType = normType
    self.scaleGradByFreq = scaleGradByFreq
  }

  /// Creates a table of existing vectors, whose memory it shares.
  ///
  /// PyTorch: `nn.Embedding.from_pretrained`.
  ///
  /// - Parameters:
  ///   - embeddings: The vectors, shape `[numEmbeddings, embeddingDim]`.
  ///   - freeze: Whether the table is frozen. It is a parameter in either case.
  ///   - paddingIdx: The entry that receives no gradient; its vector is unchanged.
  ///   - maxNorm: See ``init(_:_:paddingIdx:maxNorm:normType:scaleGradByFreq:file:line:)``.
  ///   - normType: The exponent of that norm.
  ///   - scaleGradByFreq: Whether to divide gradients by the number of occurrences.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: `embeddings` has 2 dimensions.
  /// - Returns: A table of `embeddings`.
  public static func fromPretrained(
    _ embeddings: Tensor, freeze: Bool = true, paddingIdx: Int? = nil, maxNorm: Double? = nil,
    normType: Double = 2, scaleGradByFreq: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Embedding {
    Embedding(
      pretrainedTable(embeddings, freeze: freeze, file, line), paddingIdx, maxNorm, normType,
      scaleGradByFreq, file, line)
  }

  /// Maps indices of shape `[…]`, int64 or int32, to vectors of shape `[…, embeddingDim]`.
  public func forward(_ indices: Tensor) -> Tensor {
    let weight = weight
    var indices = indices
    if let maxNorm {
      indices = indices.contiguous()
      limitNorm(of: weight, at: indices, to: maxNorm, normType)
    }
    if scaleGradByFreq {
      return weight.embedding(indices, paddingIdx: paddingIdx ?? -1, scaleGradByFreq: true)
    }
    return embeddingOp.tensor(.tensor(weight), .tensor(indices), .int(paddingIdx ?? -1))
  }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String {
    var text = "\(numEmbeddings), \(embeddingDim)"
    if let paddingIdx { text += ", padding_idx=\(paddingIdx)" }
    if let maxNorm { text += ", max_norm=\(maxNorm)" }
    if normType != 2 { text += ", norm_type=\(normType)" }
    if scaleGradByFreq { text += ", scale_grad_by_freq=True" }
    return text
  }
}

// libtorch's operator, or a faster one with the same result.
private let embeddingOp = Operator("lockstep::embedding")
