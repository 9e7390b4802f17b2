/// A layer of a Transformer decoder: self-attention, attention to the memory, two linear layers.
///
/// Vaswani et al. 2017; with `normFirst`, Xiong et al. 2020. PyTorch: `nn.TransformerDecoderLayer`.
public final class TransformerDecoderLayer: Module {
  /// What a call of the layer takes.
  public struct Input {
    /// Shape `[length, batch, dModel]`, with the batch first, or without the batch.
    public var tgt: Tensor
    /// The output of the encoder, shape `[source, batch, dModel]`, likewise.
    public var memory: Tensor
    /// Shape `[length, length]` or `[batch × nhead, length, length]`.
    public var tgtMask: Tensor?
    /// Shape `[length, source]` or `[batch × nhead, length, source]`.
    public var memoryMask: Tensor?
    /// Shape `[batch, length]`, or `[length]` without the batch.
    public var tgtKeyPaddingMask: Tensor?
    /// Shape `[batch, source]`, or `[source]` without the batch.
    public var memoryKeyPaddingMask: Tensor?
    /// Whether `tgtMask` is the causal mask.
    public var tgtIsCausal = false
    /// Whether `memoryMask` is the causal mask.
    public var memoryIsCausal = false

    /// Creates an input.
    public init(_ tgt: Tensor, _ memory: Tensor) {
      self.tgt = tgt
      self.memory = memory
    }
  }

  /// The attention of the target to itself.
  @Named public private(set) var selfAttn: MultiheadAttention
  /// The attention of the target to the memory.
  @Named public private(set) var multiheadAttn: MultiheadAttention
  /// The first linear layer, from `dModel` to `dimFeedforward`.
  public let linear1: Linear
  /// The dropout between the linear layers.
  public let dropout: Dropout
  /// The second linear layer, from `dimFeedforward` to `dModel`.
  public let linear2: Linear
  /// The normalization of the self-attention.
  public let norm1: LayerNorm
  /// The normalization of the attention to the memory.
  public let norm2: LayerNorm
  /// The normalization of the linear layers.
  public let norm3: LayerNorm
  /// The dropout after the self-attention.
  public let dropout1: Dropout
  /// The dropout after the attention to the memory.
  public let dropout2: Dropout
  /// The dropout after the linear layers.
  public let dropout3: Dropout
  /// The activation, if it is a module.
  @Named private var activationModule: (any Module<Tensor, Tensor>)?
  /// Whether the normalizations precede attention and linear layers.
  public let normFirst: Bool
  private let activation: (Tensor) throws -> Tensor

  /// Creates a layer; the arguments are those of ``TransformerEncoderLayer``.
  public init(
    dModel: Int, nhead: Int, dimFeedforward: Int = 2048, dropout: Double = 0.1,
    activation: TransformerActivation = .relu, layerNormEps: Double = 1e-5,
    batchFirst: Bool = false, normFirst: Bool = false, bias: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    _selfAttn = Named(
      MultiheadAttention(
        dModel, nhead, dropout: dropout, bias: bias, batchFirst: batchFirst, file: file,
        line: line),
      as: "self_attn")
    _multiheadAttn = Named(
      MultiheadAttention(
        dModel, nhead, dropout: dropout, bias: bias, batchFirst: batchFirst, file: file,
        line: line),
      as: "multihead_attn")
    linear1 = Linear(dModel, dimFeedforward, bias: bias)
    self.dropout = Dropout(dropout)
    linear2 = Linear(dimFeedforward, dModel, bias: bias)
    norm1 = LayerNorm(dModel, eps: layerNormEps, bias: bias)
    norm2 = LayerNorm(dModel, eps: layerNormEps, bias: bias)
    norm3 = LayerNorm(dModel, eps: layerNormEps, bias: bias)
    dropout1 = Dropout(dropout)
    dropout2 = Dropout(dropout)
    dropout3 = Dropout(dropout)
    self.normFirst = normFirst
    self.activation = activation.function
    _activationModule = Named(activation.module, as: "activation")
  }

  /// Creates a copy: equal parameters, which are not shared.
  init(copying other: TransformerDecoderLayer) {
    _selfAttn = Named(MultiheadAttention(uninitializedLike: other.selfAttn), as: "self_attn")
    _multiheadAttn = Named(
      MultiheadAttention(uninitializedLike: other.multiheadAttn), as: "multihead_attn")
    linear1 = Linear(uninitializedLike: other.linear1)
    dropout = Dropout(other.dropout.p)
    linear2 = Linear(uninitializedLike: other.linear2)
    norm1 = LayerNorm(like: other.norm1)
    norm2 = LayerNorm(like: other.norm2)
    norm3 = LayerNorm(like: other.norm3)
    dropout1 = Dropout(other.dropout1.p)
    dropout2 = Dropout(other.dropout2.p)
    dropout3 = Dropout(other.dropout3.p)
    normFirst = other.normFirst
    activation = other.activation
    _activationModule = Named(other.activationModule, as: "activation")
    copyState(of: other)
  }

  /// Decodes a sequence; see ``Input`` for the shapes.
  public func callAsFunction(
    _ tgt: Tensor, _ memory: Tensor, tgtMask: Tensor? = nil, memoryMask: Tensor? = nil,
    tgtKeyPaddingMask: Tensor? = nil, memoryKeyPaddingMask: Tensor? = nil,
    tgtIsCausal: Bool = false, memoryIsCausal: Bool = false
  ) throws -> Tensor {
    var input = Input(tgt, memory)
    input.tgtMask = tgtMask
    input.memoryMask = memoryMask
    input.tgtKeyPaddingMask = tgtKeyPaddingMask
    input.memoryKeyPaddingMask = memoryKeyPaddingMask
    input.tgtIsCausal = tgtIsCausal
    input.memoryIsCausal = memoryIsCausal
    return try self(input)
  }

  /// Decodes a sequence; the result has the shape of `tgt`.
  public func forward(_ input: Input) throws -> Tensor {
    let x = input.tgt
    if normFirst {
      let attended = x + (try attend(norm1(x), input))
      let remembered = attended + (try remember(norm2(attended), input))
      return remembered + (try feedForward(norm3(remembered)))
    }
    let attended = try norm1(x + attend(x, input))
    let remembered = try norm2(attended + remember(attended, input))
    return try norm3(remembered + feedForward(remembered))
  }

  private func attend(_ x: Tensor, _ input: Input) throws -> Tensor {
    let attended = try selfAttn(
      x, x, x, keyPaddingMask: input.tgtKeyPaddingMask, needWeights: false,
      attnMask: input.tgtMask, isCausal: input.tgtIsCausal)
    return try dropout1(attended.output)
  }

  private func remember(_ x: Tensor, _ input: Input) throws -> Tensor {
    let memory = input.memory
    let attended = try multiheadAttn(
      x, memory, memory, keyPaddingMask: input.memoryKeyPaddingMask, needWeights: false,
      attnMask: input.memoryMask, isCausal: input.memoryIsCausal)
    return try dropout2(attended.output)
  }

  private func feedForward(_ x: Tensor) throws -> Tensor {
    try dropout3(linear2(dropout(activation(linear1(x)))))
  }
}
