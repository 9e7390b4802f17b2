internal import Support

/// A stack of decoder layers, and a normalization of their output.
///
/// PyTorch: `nn.TransformerDecoder`.
public final class TransformerDecoder: Module {
  /// What a call of the decoder takes.
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
    /// Whether `tgtMask` is the causal mask; `nil` to compare its elements.
    public var tgtIsCausal: Bool?
    /// Whether `memoryMask` is the causal mask.
    public var memoryIsCausal = false

    /// Creates an input.
    public init(_ tgt: Tensor, _ memory: Tensor) {
      self.tgt = tgt
      self.memory = memory
    }
  }

  /// The layers.
  public let layers: [TransformerDecoderLayer]
  /// The normalization of the output, or `nil`.
  public let norm: (any Module<Tensor, Tensor>)?

  /// Creates a decoder of copies of a layer.
  ///
  /// - Parameters:
  ///   - decoderLayer: The layer, whose parameters are copied and not shared. An activation that is
  ///     a module is shared by the copies.
  ///   - numLayers: The number of copies.
  ///   - norm: The normalization of the output, or `nil`.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: `numLayers` is at least 1.
  public init(
    _ decoderLayer: TransformerDecoderLayer, numLayers: Int,
    norm: (any Module<Tensor, Tensor>)? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(numLayers >= 1, "numLayers is \(numLayers); use 1 or more", file: file, line: line)
    layers = (0..<numLayers).map { _ in TransformerDecoderLayer(copying: decoderLayer) }
    self.norm = norm
  }

  /// Decodes a sequence; see ``Input`` for the shapes.
  public func callAsFunction(
    _ tgt: Tensor, _ memory: Tensor, tgtMask: Tensor? = nil, memoryMask: Tensor? = nil,
    tgtKeyPaddingMask: Tensor? = nil, memoryKeyPaddingMask: Tensor? = nil,
    tgtIsCausal: Bool? = nil, memoryIsCausal: Bool = false
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
    var output = input.tgt
    let isCausal = isCausalMask(
      input.tgtMask, input.tgtIsCausal, length: length(of: output, layers[0].selfAttn))
    for layer in layers {
      output = try layer(
        output, input.memory, tgtMask: input.tgtMask, memoryMask: input.memoryMask,
        tgtKeyPaddingMask: input.tgtKeyPaddingMask,
        memoryKeyPaddingMask: input.memoryKeyPaddingMask, tgtIsCausal: isCausal,
        memoryIsCausal: input.memoryIsCausal)
    }
    return try norm.map { try $0(output) } ?? output
  }
}
