internal import Support

/// A stack of encoder layers, and a normalization of their output.
///
/// PyTorch: `nn.TransformerEncoder`.
public final class TransformerEncoder: Module {
  /// What a call of the encoder takes.
  public struct Input {
    /// Shape `[length, batch, dModel]`, with the batch first, or without the batch.
    public var src: Tensor
    /// Shape `[length, length]` or `[batch × nhead, length, length]`.
    public var mask: Tensor?
    /// Shape `[batch, length]`, or `[length]` without the batch.
    public var srcKeyPaddingMask: Tensor?
    /// Whether `mask` is the causal mask; `nil` to compare its elements.
    public var isCausal: Bool?

    /// Creates an input.
    public init(_ src: Tensor) { self.src = src }
  }

  /// The layers.
  public let layers: [TransformerEncoderLayer]
  /// The normalization of the output, or `nil`.
  public let norm: (any Module<Tensor, Tensor>)?

  /// Creates an encoder of copies of a layer.
  ///
  /// - Parameters:
  ///   - encoderLayer: The layer, whose parameters are copied and not shared. An activation that is
  ///     a module is shared by the copies.
  ///   - numLayers: The number of copies.
  ///   - norm: The normalization of the output, or `nil`.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: `numLayers` is at least 1.
  public init(
    _ encoderLayer: TransformerEncoderLayer, numLayers: Int,
    norm: (any Module<Tensor, Tensor>)? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(numLayers >= 1, "numLayers is \(numLayers); use 1 or more", file: file, line: line)
    layers = (0..<numLayers).map { _ in TransformerEncoderLayer(copying: encoderLayer) }
    self.norm = norm
  }

  /// Encodes a sequence; see ``Input`` for the shapes.
  public func callAsFunction(
    _ src: Tensor, mask: Tensor? = nil, srcKeyPaddingMask: Tensor? = nil, isCausal: Bool? = nil
  ) throws -> Tensor {
    var input = Input(src)
    input.mask = mask
    input.srcKeyPaddingMask = srcKeyPaddingMask
    input.isCausal = isCausal
    return try self(input)
  }

  /// Encodes a sequence; the result has the shape of `src`.
  public func forward(_ input: Input) throws -> Tensor {
    var output = input.src
    let isCausal = isCausalMask(
      input.mask, input.isCausal, length: length(of: output, layers[0].selfAttn))
    for layer in layers {
      output = try layer(
        output, srcMask: input.mask, srcKeyPaddingMask: input.srcKeyPaddingMask,
        isCausal: isCausal)
    }
    return try norm.map { try $0(output) } ?? output
  }
}

/// The length of the sequences of a tensor.
func length(of sequences: Tensor, _ attention: MultiheadAttention) -> Int {
  guard sequences.ndim == 3 else { return sequences.shape.first ?? 0 }
  return sequences.shape[attention.batchFirst ? 1 : 0]
}
