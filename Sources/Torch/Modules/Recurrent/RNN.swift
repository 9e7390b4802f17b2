/// An Elman network: hₜ = tanh(W x + b + U hₜ₋₁ + c), or with the rectified linear unit.
///
/// Elman 1990, "Finding structure in time".
///
/// PyTorch: `nn.RNN`.
///
/// ```swift
/// let network = RNN(10, 20, numLayers: 2)
/// let (output, hidden) = try network(x)          // [length, batch, 10] to [length, batch, 20]
/// let next = try network(y, hidden)
/// ```
public final class RNN: RecurrentLayer, Module {
  /// Sequences, and the hidden state before them.
  public struct Input {
    /// Padded or packed sequences.
    public var sequence: RecurrentSequence
    /// Shape `[numLayers × directions, batch, hiddenSize]`, or without the batch; `nil` for zeros.
    public var hx: Tensor?

    /// Creates an input.
    public init(_ sequence: RecurrentSequence, hx: Tensor? = nil) {
      self.sequence = sequence
      self.hx = hx
    }
  }

  /// The function of the hidden state.
  public let nonlinearity: RecurrentNonlinearity

  /// Creates a network with parameters drawn uniformly from ±1/√hiddenSize, as in PyTorch.
  ///
  /// - Parameters:
  ///   - inputSize: The number of features of an element of the input.
  ///   - hiddenSize: The number of features of the hidden state.
  ///   - numLayers: The number of layers, each of which reads the output of the one before.
  ///   - nonlinearity: The function of the hidden state.
  ///   - bias: Whether the layers have biases.
  ///   - batchFirst: Whether padded input and output have the shape `[batch, length, features]`.
  ///   - dropout: The probability with which elements of the output of each layer but the last are
  ///     dropped in training mode.
  ///   - bidirectional: Whether a second network reads the sequences from the end; the features of
  ///     both are concatenated.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes are at least 1; `dropout` is in [0, 1].
  public init(
    _ inputSize: Int, _ hiddenSize: Int, numLayers: Int = 1,
    nonlinearity: RecurrentNonlinearity = .tanh, bias: Bool = true, batchFirst: Bool = false,
    dropout: Double = 0, bidirectional: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.nonlinearity = nonlinearity
    super.init(
      inputSize, hiddenSize, gates: 1, numLayers: numLayers, bias: bias, batchFirst: batchFirst,
      dropout: dropout, bidirectional: bidirectional, file: file, line: line)
  }

  /// Reads padded sequences, shape `[length, batch, inputSize]`, or one sequence.
  ///
  /// - Returns: The hidden states of the last layer, shape `[length, batch, directions ×
  ///   hiddenSize]`, and the final state of each layer and direction.
  public func callAsFunction(
    _ input: Tensor, _ hx: Tensor? = nil
  ) throws -> (output: Tensor, hidden: Tensor) {
    let (output, hidden) = try self(Input(.padded(input), hx: hx))
    return (output.data, hidden)
  }

  /// Reads packed sequences.
  ///
  /// - Returns: The hidden states of the last layer, and the final state of each layer and
  ///   direction, in the original order of the sequences.
  public func callAsFunction(
    _ input: PackedSequence, _ hx: Tensor? = nil
  ) throws -> (output: PackedSequence, hidden: Tensor) {
    let (output, hidden) = try self(Input(.packed(input), hx: hx))
    var packed = input
    packed.data = output.data
    return (packed, hidden)
  }

  /// Reads sequences; the output has the form of the input.
  public func forward(_ input: Input) -> (output: RecurrentSequence, hidden: Tensor) {
    let hx = input.hx.map { [$0] }
    guard let call = RecurrentCall(self, input.sequence, hx, stateSizes: [hiddenSize]) else {
      return (.padded(Tensor(owning: nil)), Tensor(owning: nil))
    }
    let (padded, packed) =
      switch nonlinearity {
      case .tanh: (tanhOp, packedTanhOp)
      case .relu: (reluOp, packedReluOp)
      }
    let results = run(call, padded: padded, packed: packed)
    return (call.output(results[0]), call.state(results[1]))
  }
}

/// The function of the hidden state of an ``RNN``.
public enum RecurrentNonlinearity: String, Sendable {
  /// The hyperbolic tangent.
  case tanh
  /// The rectified linear unit.
  case relu
}

private let tanhOp = Operator("aten::rnn_tanh", "input")
private let packedTanhOp = Operator("aten::rnn_tanh", "data")
private let reluOp = Operator("aten::rnn_relu", "input")
private let packedReluOp = Operator("aten::rnn_relu", "data")
