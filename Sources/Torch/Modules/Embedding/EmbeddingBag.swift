internal import Support

/// Sums, means or maxima of bags of vectors of a table, without the vectors themselves.
///
/// PyTorch: `nn.EmbeddingBag`.
///
/// ```swift
/// let bag = EmbeddingBag(10, 3, mode: .sum)
/// let y = try bag(Tensor([1, 2, 4, 5] as [Int64]), offsets: Tensor([0, 3] as [Int64]))  // [2, 3]
/// ```
public final class EmbeddingBag: Module {
  /// The indices of all bags, and where they begin.
  public struct Input {
    /// Indices, int64 or int32: one bag per row, or all bags in one dimension.
    public var input: Tensor
    /// The index of each bag's first element, if `input` has one dimension; `nil` for rows.
    public var offsets: Tensor?
    /// A factor for each index, of the shape of `input`; only for ``EmbeddingBagMode/sum``.
    public var perSampleWeights: Tensor?

    /// Creates an input.
    public init(_ input: Tensor, offsets: Tensor? = nil, perSampleWeights: Tensor? = nil) {
      self.input = input
      self.offsets = offsets
      self.perSampleWeights = perSampleWeights
    }
  }

  /// The vectors, shape `[numEmbeddings, embeddingDim]`.
  public var weight: Tensor
  /// The number of vectors.
  public let numEmbeddings: Int
  /// The length of each vector.
  public let embeddingDim: Int
  /// The largest norm of a vector; longer ones are shortened when they are looked up.
  public var maxNorm: Double?
  /// The exponent of the norm for `maxNorm`.
  public var normType: Double
  /// Whether gradients are divided by the number of times that an entry occurs in the input.
  public let scaleGradByFreq: Bool
  /// How the vectors of a bag are combined.
  public let mode: EmbeddingBagMode
  /// Whether the last offset is the number of indices.
  public let includeLastOffset: Bool
  /// The entry that bags ignore.
  public let paddingIdx: Int?

  /// Creates a table drawn from the standard normal distribution.
  ///
  /// - Parameters:
  ///   - numEmbeddings: The number of vectors.
  ///   - embeddingDim: The length of each vector.
  ///   - maxNorm: Vectors with a larger norm are shortened to it, in the table, when they are
  ///     looked up.
  ///   - normType: The exponent of that norm.
  ///   - scaleGradByFreq: Whether to divide the gradient of an entry by the number of times that it
  ///     occurs in the input; not for ``EmbeddingBagMode/max``.
  ///   - mode: How the vectors of a bag are combined.
  ///   - includeLastOffset: Whether the last offset is the number of indices, rather than the begin
  ///     of the last bag.
  ///   - paddingIdx: The entry that bags ignore, initially zero. A negative index counts from the
  ///     end.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: The table has an entry at the padding index.
  public convenience init(
    _ numEmbeddings: Int, _ embeddingDim: Int, maxNorm: Double? = nil, normType: Double = 2,
    scaleGradByFreq: Bool = false, mode: EmbeddingBagMode = .mean, includeLastOffset: Bool = false,
    paddingIdx: Int? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      .parameter([numEmbeddings, embeddingDim]), maxNorm, normType, scaleGradByFreq,
      mode, includeLastOffset, paddingIdx, file, line)
    fillTable(weight, zeroAt: self.paddingIdx)
  }

  private init(
    _ weight: Tensor, _ maxNorm: Double?, _ normType: Double, _ scaleGradByFreq: Bool,
    _ mode: EmbeddingBagMode, _ includeLastOffset: Bool, _ paddingIdx: Int?, _ file: StaticString,
    _ line: UInt
  ) {
    require(
      !(scaleGradByFreq && mode == .max),
      "the mode max cannot scale gradients by the frequency: use scaleGradByFreq: false, or "
        + "another mode", file: file, line: line)
    self.weight = weight
    numEmbeddings = weight.shape[0]
    embeddingDim = weight.shape[1]
    self.maxNorm = maxNorm
    self.normType = normType
    self.scaleGradByFreq = scaleGradByFreq
    self.mode = mode
    self.includeLastOffset = includeLastOffset
    self.paddingIdx = tableIndex(paddingIdx, of: numEmbeddings, file, line)
  }

  /// Creates a table of existing vectors, whose memory it shares.
  ///
  /// PyTorch: `nn.EmbeddingBag.from_pretrained`. The vector at `paddingIdx` is unchanged; the other
  /// arguments are those of the initializer.
  ///
  /// - Precondition: `embeddings` has 2 dimensions.
  public static func fromPretrained(
    _ embeddings: Tensor, freeze: Bool = true, maxNorm: Double? = nil, normType: Double = 2,
    scaleGradByFreq: Bool = false, mode: EmbeddingBagMode = .mean, includeLastOffset: Bool = false,
    paddingIdx: Int? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> EmbeddingBag {
    EmbeddingBag(
      pretrainedTable(embeddings, freeze: freeze, file, line), maxNorm, normType, scaleGradByFreq,
      mode, includeLastOffset, paddingIdx, file, line)
  }

  /// Combines the vectors of each bag; `bag(indices, offsets: offsets)`.
  public func callAsFunction(
    _ input: Tensor, offsets: Tensor? = nil, perSampleWeights: Tensor? = nil
  ) throws -> Tensor {
    try self(Input(input, offsets: offsets, perSampleWeights: perSampleWeights))
  }

  /// Returns the vector of each bag, shape `[bags, embeddingDim]`.
  ///
  /// A bag without indices gives zeros.
  public func forward(_ input: Input) -> Tensor {
    guard input.input.isDefined else { return input.input }
    if let problem = problem(of: input) {
      operatorFailed("EmbeddingBag", input.input.summary, problem)
      return Tensor(owning: nil)
    }
    var indices = input.input
    var offsets = input.offsets
    var weights = input.perSampleWeights
    var includeLastOffset = includeLastOffset
    if indices.ndim == 2 {
      offsets = Tensor.arange(
        0, indices.count, step: max(indices.shape[1], 1), dtype: indices.dtype,
        device: indices.device)
      includeLastOffset = false
      indices = indices.reshape([-1])
      weights = weights?.reshape([-1])
    }
    guard let offsets else { return Tensor(owning: nil) }
    if let maxNorm { limitNorm(of: weight, at: indices, to: maxNorm, normType) }
    return weight.embeddingBag(
      indices, offsets: offsets, scaleGradByFreq: scaleGradByFreq, mode: mode,
      perSampleWeights: weights, includeLastOffset: includeLastOffset, paddingIdx: paddingIdx)
  }

  private func problem(of input: Input) -> String? {
    let shape = input.input.shape
    if let weights = input.perSampleWeights {
      if mode != .sum { return "perSampleWeights need the mode sum, but the mode is \(mode)" }
      if weights.shape != shape {
        return "perSampleWeights have shape \(weights.shape), but the indices have shape \(shape): "
          + "pass one weight for each index"
      }
    }
    switch (shape.count, input.offsets) {
    case (1, nil):
      return "indices of one dimension need offsets: pass the index of each bag's first element, "
        + "or indices of shape [bags, length]"
    case (1, let offsets?):
      return offsets.ndim == 1
        ? nil : "offsets have shape \(offsets.shape): pass a tensor of one dimension"
    case (2, nil): return nil
    case (2, .some): return "indices [bags, length] are one bag per row: pass no offsets"
    default: return "indices have shape \(shape): pass 1 dimension with offsets, or 2"
    }
  }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String {
    var text = "\(numEmbeddings), \(embeddingDim)"
    if let maxNorm { text += ", max_norm=\(maxNorm)" }
    if normType != 2 { text += ", norm_type=\(normType)" }
    if scaleGradByFreq { text += ", scale_grad_by_freq=True" }
    text += ", mode='\(mode)'"
    if let paddingIdx { text += ", padding_idx=\(paddingIdx)" }
    return text
  }
}
