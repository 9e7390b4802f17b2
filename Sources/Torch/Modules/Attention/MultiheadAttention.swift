internal import Support

/// Attention with several heads: each attends in a projection of its own.
///
/// Vaswani et al. 2017, "Attention Is All You Need". PyTorch: `nn.MultiheadAttention`.
///
/// ```swift
/// let attention = MultiheadAttention(64, 8, batchFirst: true)
/// let (output, weights) = try attention(q, k, v, keyPaddingMask: mask)
/// ```
/// Boolean masks are true where a key is *not* attended to; masks of floating-point numbers are
/// added to the scores.
/// ``scaledDotProductAttention(_:_:_:attnMask:dropoutP:isCausal:scale:enableGqa:)`` reads Boolean
/// masks the other way round; both as in PyTorch.
public final class MultiheadAttention: Module, ModeDependent {
  /// What a call of the module takes.
  public struct Input {
    /// Shape `[queries, batch, embedDim]`, with the batch first, or without the batch.
    public var query: Tensor
    /// Shape `[keys, batch, kdim]`, with the batch first, or without the batch.
    public var key: Tensor
    /// Shape `[keys, batch, vdim]`, with the batch first, or without the batch.
    public var value: Tensor
    /// Shape `[batch, keys]`, or `[keys]` without the batch: keys that no query attends to.
    public var keyPaddingMask: Tensor?
    /// Whether to return the attention weights.
    public var needWeights = true
    /// Shape `[queries, keys]` or `[batch × numHeads, queries, keys]`.
    public var attnMask: Tensor?
    /// Whether the returned weights are the means over the heads.
    public var averageAttnWeights = true
    /// Whether `attnMask` is the causal mask, which permits a faster kernel.
    public var isCausal = false

    /// Creates an input.
    public init(_ query: Tensor, _ key: Tensor, _ value: Tensor) {
      self.query = query
      self.key = key
      self.value = value
    }
  }

  /// The number of features of queries and of the result.
  public let embedDim: Int
  /// The number of features of keys.
  public let kdim: Int
  /// The number of features of values.
  public let vdim: Int
  /// The number of heads.
  public let numHeads: Int
  /// The probability with which an attention weight is dropped in training mode.
  public let dropout: Double
  /// Whether keys and values get one more element of zeros.
  public let addZeroAttn: Bool
  /// Whether inputs and output have the batch as their first dimension.
  public let batchFirst: Bool
  /// Whether dropout is applied.
  public var isTraining = true

  /// The projection of queries, keys and values, shape `[3 × embedDim, embedDim]`; `nil` if their
  /// sizes differ.
  @Named public private(set) var inProjWeight: Tensor?
  /// The projection of queries, shape `[embedDim, embedDim]`, if sizes differ.
  @Named public private(set) var qProjWeight: Tensor?
  /// The projection of keys, shape `[embedDim, kdim]`, if sizes differ.
  @Named public private(set) var kProjWeight: Tensor?
  /// The projection of values, shape `[embedDim, vdim]`, if sizes differ.
  @Named public private(set) var vProjWeight: Tensor?
  /// The bias of all projections, shape `[3 × embedDim]`, or `nil`.
  @Named public private(set) var inProjBias: Tensor?
  /// A key that is added to those of each sequence, shape `[1, 1, embedDim]`, or `nil`.
  @Named public private(set) var biasK: Tensor?
  /// The value of `biasK`, or `nil`.
  @Named public private(set) var biasV: Tensor?
  /// The projection of the result.
  @Named public private(set) var outProj: Linear

  /// Creates an attention with PyTorch's initial values.
  ///
  /// - Parameters:
  ///   - embedDim: The number of features of queries and of the result.
  ///   - numHeads: The number of heads, a divisor of `embedDim`.
  ///   - dropout: The probability with which an attention weight is dropped in training mode.
  ///   - bias: Whether the projections have biases.
  ///   - addBiasKV: Whether each sequence of keys and values gets a learned element.
  ///   - addZeroAttn: Whether each sequence of keys and values gets an element of zeros.
  ///   - kdim: The number of features of keys; `nil` for `embedDim`.
  ///   - vdim: The number of features of values; `nil` for `embedDim`.
  ///   - batchFirst: Whether inputs and output have the batch as their first dimension.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes are at least 1; `dropout` is in [0, 1].
  public convenience init(
    _ embedDim: Int, _ numHeads: Int, dropout: Double = 0, bias: Bool = true,
    addBiasKV: Bool = false, addZeroAttn: Bool = false, kdim: Int? = nil, vdim: Int? = nil,
    batchFirst: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      embedDim, numHeads, dropout, addZeroAttn, kdim ?? embedDim, vdim ?? embedDim, batchFirst,
      hasBias: bias, hasKVBias: addBiasKV,
      outProj: Linear(embedDim, embedDim, bias: bias), file, line)
    if let inProjWeight {
      Init.xavierUniform(inProjWeight)
    } else {
      for case let weight? in [qProjWeight, kProjWeight, vProjWeight] { Init.xavierUniform(weight) }
    }
    for case let bias? in [inProjBias, outProj.bias] { Init.zeros(bias) }
    for case let bias? in [biasK, biasV] { Init.xavierNormal(bias) }
  }

  /// Creates an attention with uninitialized parameters, except those of `outProj`.
  private init(
    _ embedDim: Int, _ numHeads: Int, _ dropout: Double, _ addZeroAttn: Bool, _ kdim: Int,
    _ vdim: Int, _ batchFirst: Bool, hasBias: Bool, hasKVBias: Bool, outProj: Linear,
    _ file: StaticString, _ line: UInt
  ) {
    require(
      embedDim >= 1 && numHeads >= 1 && embedDim % numHeads == 0,
      "embedDim is \(embedDim) and numHeads \(numHeads): use a number of heads that divides "
        + "embedDim", file: file, line: line)
    require(
      (0...1).contains(dropout), "the dropout probability is \(dropout); use 0 to 1", file: file,
      line: line)
    self.embedDim = embedDim
    self.kdim = kdim
    self.vdim = vdim
    self.numHeads = numHeads
    self.dropout = dropout
    self.addZeroAttn = addZeroAttn
    self.batchFirst = batchFirst
    let isPacked = kdim == embedDim && vdim == embedDim
    func parameter(_ isPresent: Bool, _ shape: [Int]) -> Tensor? {
      isPresent ? .parameter(shape) : nil
    }
    _inProjWeight = Named(parameter(isPacked, [3 * embedDim, embedDim]), as: "in_proj_weight")
    _qProjWeight = Named(parameter(!isPacked, [embedDim, embedDim]), as: "q_proj_weight")
    _kProjWeight = Named(parameter(!isPacked, [embedDim, kdim]), as: "k_proj_weight")
    _vProjWeight = Named(parameter(!isPacked, [embedDim, vdim]), as: "v_proj_weight")
    _inProjBias = Named(parameter(hasBias, [3 * embedDim]), as: "in_proj_bias")
    _biasK = Named(parameter(hasKVBias, [1, 1, embedDim]), as: "bias_k")
    _biasV = Named(parameter(hasKVBias, [1, 1, embedDim]), as: "bias_v")
    _outProj = Named(outProj, as: "out_proj")
  }

  /// Creates an attention with the settings of another and uninitialized parameters.
  convenience init(uninitializedLike other: MultiheadAttention) {
    let bias = other.inProjBias != nil
    self.init(
      other.embedDim, other.numHeads, other.dropout, other.addZeroAttn, other.kdim, other.vdim,
      other.batchFirst, hasBias: bias, hasKVBias: other.biasK != nil,
      outProj: Linear(uninitialized: other.embedDim, other.embedDim, bias: bias), #fileID, #line)
  }

  /// Attends to `key` and `value`.
  ///
  /// - Parameters:
  ///   - query: Shape `[queries, batch, embedDim]`, with the batch first, or without the batch.
  ///   - key: Shape `[keys, batch, kdim]`, likewise.
  ///   - value: Shape `[keys, batch, vdim]`, likewise.
  ///   - keyPaddingMask: Shape `[batch, keys]`, or `[keys]` without the batch: keys that no query
  ///     attends to.
  ///   - needWeights: Whether to return the attention weights. Without them a fused kernel is used.
  ///   - attnMask: Shape `[queries, keys]` or `[batch × numHeads, queries, keys]`.
  ///   - averageAttnWeights: Whether the returned weights are the means over the heads.
  ///   - isCausal: Whether `attnMask`, which is required, is the causal mask.
  /// - Returns: The output, of the shape of `query`, and the weights, shape `[batch, queries,
  ///   keys]` or `[batch, numHeads, queries, keys]`; `nil` unless `needWeights`.
  /// - Throws: The errors of hooks.
  public func callAsFunction(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, keyPaddingMask: Tensor? = nil,
    needWeights: Bool = true, attnMask: Tensor? = nil, averageAttnWeights: Bool = true,
    isCausal: Bool = false
  ) throws -> (output: Tensor, weights: Tensor?) {
    var input = Input(query, key, value)
    input.keyPaddingMask = keyPaddingMask
    input.needWeights = needWeights
    input.attnMask = attnMask
    input.averageAttnWeights = averageAttnWeights
    input.isCausal = isCausal
    return try self(input)
  }

  /// Attends to the keys and values of the input.
  public func forward(_ input: Input) throws -> (output: Tensor, weights: Tensor?) {
    guard let pass = AttentionPass(self, input) else { return (Tensor(owning: nil), nil) }
    let (attended, weights) = input.needWeights ? pass.weighted() : (pass.fused(), nil)
    let output = try outProj(attended).view([pass.queries, pass.batch, embedDim])
    return (pass.output(output), weights)
  }

  /// Nothing, as in PyTorch.
  public var extraRepr: String { "" }
}
