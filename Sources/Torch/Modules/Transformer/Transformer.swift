/// A Transformer: an encoder and a decoder.
///
/// Vaswani et al. 2017, "Attention Is All You Need". PyTorch: `nn.Transformer`.
public final class Transformer: Module {
  /// What a call of the model takes.
  public struct Input {
    /// Shape `[source, batch, dModel]`, with the batch first, or without the batch.
    public var src: Tensor
    /// Shape `[length, batch, dModel]`, likewise.
    public var tgt: Tensor
    /// Shape `[source, source]` or `[batch × nhead, source, source]`.
    public var srcMask: Tensor?
    /// Shape `[length, length]` or `[batch × nhead, length, length]`.
    public var tgtMask: Tensor?
    /// Shape `[length, source]` or `[batch × nhead, length, source]`.
    public var memoryMask: Tensor?
    /// Shape `[batch, source]`, or `[source]` without the batch.
    public var srcKeyPaddingMask: Tensor?
    /// Shape `[batch, length]`, or `[length]` without the batch.
    public var tgtKeyPaddingMask: Tensor?
    /// Shape `[batch, source]`, or `[source]` without the batch.
    public var memoryKeyPaddingMask: Tensor?
    /// Whether `srcMask` is the causal mask; `nil` to compare its elements.
    public var srcIsCausal: Bool?
    /// Whether `tgtMask` is the causal mask; `nil` to compare its elements.
    public var tgtIsCausal: Bool?
    /// Whether `memoryMask` is the causal mask.
    public var memoryIsCausal = false

    /// Creates an input.
    public init(_ src: Tensor, _ tgt: Tensor) {
      self.src = src
      self.tgt = tgt
    }
  }

  /// The encoder.
  public let encoder: TransformerEncoder
  /// The decoder.
  public let decoder: TransformerDecoder
  /// The number of features.
  public let dModel: Int
  /// The number of heads.
  public let nhead: Int
  /// Whether inputs and output have the batch as their first dimension.
  public let batchFirst: Bool

  /// Creates a Transformer with PyTorch's initial values.
  ///
  /// - Parameters:
  ///   - dModel: The number of features.
  ///   - nhead: The number of heads, a divisor of `dModel`.
  ///   - numEncoderLayers: The number of layers of the encoder.
  ///   - numDecoderLayers: The number of layers of the decoder.
  ///   - dimFeedforward: The number of features between the linear layers.
  ///   - dropout: The probability of all dropouts.
  ///   - activation: The function between the linear layers.
  ///   - layerNormEps: The value that normalizations add to the variance.
  ///   - batchFirst: Whether inputs and output have the batch as their first dimension.
  ///   - normFirst: Whether the normalizations precede attention and linear layers.
  ///   - bias: Whether linear layers, attention and normalizations have biases.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  public init(
    dModel: Int = 512, nhead: Int = 8, numEncoderLayers: Int = 6, numDecoderLayers: Int = 6,
    dimFeedforward: Int = 2048, dropout: Double = 0.1, activation: TransformerActivation = .relu,
    layerNormEps: Double = 1e-5, batchFirst: Bool = false, normFirst: Bool = false,
    bias: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) {
    encoder = TransformerEncoder(
      TransformerEncoderLayer(
        dModel: dModel, nhead: nhead, dimFeedforward: dimFeedforward, dropout: dropout,
        activation: activation, layerNormEps: layerNormEps, batchFirst: batchFirst,
        normFirst: normFirst, bias: bias, file: file, line: line),
      numLayers: numEncoderLayers, norm: LayerNorm(dModel, eps: layerNormEps, bias: bias),
      file: file, line: line)
    decoder = TransformerDecoder(
      TransformerDecoderLayer(
        dModel: dModel, nhead: nhead, dimFeedforward: dimFeedforward, dropout: dropout,
        activation: activation, layerNormEps: layerNormEps, batchFirst: batchFirst,
        normFirst: normFirst, bias: bias, file: file, line: line),
      numLayers: numDecoderLayers, norm: LayerNorm(dModel, eps: layerNormEps, bias: bias),
      file: file, line: line)
    self.dModel = dModel
    self.nhead = nhead
    self.batchFirst = batchFirst
    for parameter in parameters where parameter.ndim > 1 { Init.xavierUniform(parameter) }
  }

  /// The mask of a sequence whose elements do not attend to later ones.
  ///
  /// PyTorch: `Transformer.generate_square_subsequent_mask`.
  ///
  /// - Parameters:
  ///   - size: The length of the sequence.
  ///   - dtype: The type of the elements.
  ///   - device: The device; `nil` for the CPU.
  /// - Returns: Shape `[size, size]`: negative infinity above the diagonal, and 0 elsewhere.
  public static func generateSquareSubsequentMask(
    _ size: Int, dtype: DType? = nil, device: Device? = nil
  ) -> Tensor {
    squareSubsequentMask(size, dtype, device)
  }

  /// Encodes `src` and decodes `tgt`; see ``Input`` for the shapes.
  public func callAsFunction(
    _ src: Tensor, _ tgt: Tensor, srcMask: Tensor? = nil, tgtMask: Tensor? = nil,
    memoryMask: Tensor? = nil, srcKeyPaddingMask: Tensor? = nil, tgtKeyPaddingMask: Tensor? = nil,
    memoryKeyPaddingMask: Tensor? = nil, srcIsCausal: Bool? = nil, tgtIsCausal: Bool? = nil,
    memoryIsCausal: Bool = false
  ) throws -> Tensor {
    var input = Input(src, tgt)
    input.srcMask = srcMask
    input.tgtMask = tgtMask
    input.memoryMask = memoryMask
    input.srcKeyPaddingMask = srcKeyPaddingMask
    input.tgtKeyPaddingMask = tgtKeyPaddingMask
    input.memoryKeyPaddingMask = memoryKeyPaddingMask
    input.srcIsCausal = srcIsCausal
    input.tgtIsCausal = tgtIsCausal
    input.memoryIsCausal = memoryIsCausal
    return try self(input)
  }

  /// Encodes `src` and decodes `tgt`; the result has the shape of `tgt`.
  public func forward(_ input: Input) throws -> Tensor {
    guard input.src.isDefined, input.tgt.isDefined else { return Tensor(owning: nil) }
    if let problem = problem(input.src.shape, input.tgt.shape) {
      operatorFailed("Transformer", "\(input.src.summary), \(input.tgt.summary)", problem)
      return Tensor(owning: nil)
    }
    let memory = try encoder(
      input.src, mask: input.srcMask, srcKeyPaddingMask: input.srcKeyPaddingMask,
      isCausal: input.srcIsCausal)
    return try decoder(
      input.tgt, memory, tgtMask: input.tgtMask, memoryMask: input.memoryMask,
      tgtKeyPaddingMask: input.tgtKeyPaddingMask,
      memoryKeyPaddingMask: input.memoryKeyPaddingMask, tgtIsCausal: input.tgtIsCausal,
      memoryIsCausal: input.memoryIsCausal)
  }

  private func problem(_ src: [Int], _ tgt: [Int]) -> String? {
    guard src.count == tgt.count, src.count == 2 || src.count == 3 else {
      return "src has shape \(src) and tgt \(tgt): pass [length, batch, dModel], or both without a "
        + "batch"
    }
    let batch = batchFirst ? 0 : 1
    if src.count == 3, src[batch] != tgt[batch] {
      return "src has \(src[batch]) sequences and tgt \(tgt[batch]): pass equal batches "
        + "(batchFirst is \(batchFirst))"
    }
    guard src.last == dModel, tgt.last == dModel else {
      return "src has shape \(src) and tgt \(tgt), but dModel is \(dModel): pass dModel features"
    }
    return nil
  }
}
