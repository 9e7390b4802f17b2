/// A layer of a Transformer encoder: self-attention, and two linear layers.
///
/// Vaswani et al. 2017; with `normFirst`, Xiong et al. 2020. PyTorch: `nn.TransformerEncoderLayer`.
public final class TransformerEncoderLayer: Module {
  /// What a call of the layer takes.
  public struct Input {
    /// Shape `[length, batch, dModel]`, with the batch first, or without the batch.
    public var src: Tensor
    /// Shape `[length, length]` or `[batch × nhead, length, length]`.
    public var srcMask: Tensor?
    /// Shape `[batch, length]`, or `[length]` without the batch.
    public var srcKeyPaddingMask: Tensor?
    /// Whether `srcMask` is the causal mask.
    public var isCausal = false

    /// Creates an input.
    public init(_ src: Tensor) { self.src = src }
  }

  /// The attention.
  @Named public private(set) var selfAttn: MultiheadAttention
  /// The first linear layer, from `dModel` to `dimFeedforward`.
  public let linear1: Linear
  /// The dropout between the linear layers.
  public let dropout: Dropout
  /// The second linear layer, from `dimFeedforward` to `dModel`.
  public let linear2: Linear
  /// The normalization of the attention.
  public let norm1: LayerNorm
  /// The normalization of the linear layers.
  public let norm2: LayerNorm
  /// The dropout after the attention.
  public let dropout1: Dropout
  /// The dropout after the linear layers.
  public let dropout2: Dropout
  /// The activation, if it is a module.
  @Named private var activationModule: (any Module<Tensor, Tensor>)?
  /// Whether the normalizations precede attention and linear layers.
  public let normFirst: Bool
  private let activation: (Tensor) throws -> Tensor

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - dModel: The number of features.
  ///   - nhead: The number of heads, a divisor of `dModel`.
  ///   - dimFeedforward: The number of features between the linear layers.
  ///   - dropout: The probability of all dropouts.
  ///   - activation: The function between the linear layers.
  ///   - layerNormEps: The value that normalizations add to the variance.
  ///   - batchFirst: Whether input and output have the batch as their first dimension.
  ///   - normFirst: Whether the normalizations precede attention and linear layers.
  ///   - bias: Whether linear layers, attention and normalizations have biases.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
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
    linear1 = Linear(dModel, dimFeedforward, bias: bias)
    self.dropout = Dropout(dropout)
    linear2 = Linear(dimFeedforward, dModel, bias: bias)
    norm1 = LayerNorm(dModel, eps: layerNormEps, bias: bias)
    norm2 = LayerNorm(dModel, eps: layerNormEps, bias: bias)
    dropout1 = Dropout(dropout)
    dropout2 = Dropout(dropout)
    self.normFirst = normFirst
    self.activation = activation.function
    _activationModule = Named(activation.module, as: "activation")
  }

  /// Creates a copy: equal parameters, which are not shared.
  init(copying other: TransformerEncoderLayer) {
    _selfAttn = Named(MultiheadAttention(uninitializedLike: other.selfAttn), as: "self_attn")
    linear1 = Linear(uninitializedLike: other.linear1)
    dropout = Dropout(other.dropout.p)
    linear2 = Linear(uninitializedLike: other.linear2)
    norm1 = LayerNorm(like: other.norm1)
    norm2 = LayerNorm(like: other.norm2)
    dropout1 = Dropout(other.dropout1.p)
    dropout2 = Dropout(other.dropout2.p)
    normFirst = other.normFirst
    activation = other.activation
    _activationModule = Named(other.activationModule, as: "activation")
    copyState(of: other)
  }

  /// Encodes a sequence; see ``Input`` for the shapes.
  public func callAsFunction(
    _ src: Tensor, srcMask: Tensor? = nil, srcKeyPaddingMask: Tensor? = nil, isCausal: Bool = false
  ) throws -> Tensor {
    var input = Input(src)
    input.srcMask = srcMask
    input.srcKeyPaddingMask = srcKeyPaddingMask
    input.isCausal = isCausal
    return try self(input)
  }

  /// Encodes a sequence; the result has the shape of `src`.
  public func forward(_ input: Input) throws -> Tensor {
    let x = input.src
    if normFirst {
      let attended = x + (try attend(norm1(x), input))
      return attended + (try feedForward(norm2(attended)))
    }
    let attended = try norm1(x + attend(x, input))
    return try norm2(attended + feedForward(attended))
  }

  private func attend(_ x: Tensor, _ input: Input) throws -> Tensor {
    let attended = try selfAttn(
      x, x, x, keyPaddingMask: input.srcKeyPaddingMask, needWeights: false,
      attnMask: input.srcMask, isCausal: input.isCausal)
    return try dropout1(attended.output)
  }

  private func feedForward(_ x: Tensor) throws -> Tensor {
    try dropout2(linear2(dropout(activation(linear1(x)))))
  }
}
