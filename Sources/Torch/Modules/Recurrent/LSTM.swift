/// A long short-term memory over sequences.
///
/// Hochreiter & Schmidhuber 1997; with `projSize`, Sak, Senior & Beaufays 2014.
///
/// PyTorch: `nn.LSTM`.
///
/// ```swift
/// let network = LSTM(10, 20, numLayers: 2)
/// let (output, state) = try network(x)           // [length, batch, 10] to [length, batch, 20]
/// let next = try network(y, state)
/// ```
public final class LSTM: RecurrentLayer, Module {
  /// The hidden state and the cell state.
  ///
  /// The hidden state has the shape `[numLayers × directions, batch, projSize or hiddenSize]`, the
  /// cell state `[numLayers × directions, batch, hiddenSize]`; one sequence has no batch.
  public typealias State = (hidden: Tensor, cell: Tensor)

  /// Sequences, and the state before them.
  public struct Input {
    /// Padded or packed sequences.
    public var sequence: RecurrentSequence
    /// The state before the sequences; `nil` for zeros.
    public var hx: State?

    /// Creates an input.
    public init(_ sequence: RecurrentSequence, hx: State? = nil) {
      self.sequence = sequence
      self.hx = hx
    }
  }

  /// Creates a network with parameters drawn uniformly from ±1/√hiddenSize, as in PyTorch.
  ///
  /// - Parameters:
  ///   - inputSize: The number of features of an element of the input.
  ///   - hiddenSize: The number of features of the hidden state.
  ///   - numLayers: The number of layers, each of which reads the output of the one before.
  ///   - bias: Whether the layers have biases.
  ///   - batchFirst: Whether padded input and output have the shape `[batch, length, features]`.
  ///   - dropout: The probability with which elements of the output of each layer but the last are
  ///     dropped in training mode.
  ///   - bidirectional: Whether a second network reads the sequences from the end; the features of
  ///     both are concatenated.
  ///   - projSize: The size to which the hidden state is projected; 0 without a projection.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes are at least 1; `dropout` is in [0, 1]; `projSize` is below
  ///   `hiddenSize`.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, numLayers: Int = 1, bias: Bool = true,
    batchFirst: Bool = false, dropout: Double = 0, bidirectional: Bool = false, projSize: Int = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      inputSize, hiddenSize, gates: 4, numLayers: numLayers, bias: bias, batchFirst: batchFirst,
      dropout: dropout, bidirectional: bidirectional, projSize: projSize, file: file, line: line)
  }

  /// Reads padded sequences, shape `[length, batch, inputSize]`, or one sequence.
  ///
  /// - Returns: The hidden states of the last layer, shape `[length, batch, directions × projSize
  ///   or hiddenSize]`, and the final state of each layer and direction.
  public func callAsFunction(
    _ input: Tensor, _ hx: State? = nil
  ) throws -> (output: Tensor, state: State) {
    let (output, state) = try self(Input(.padded(input), hx: hx))
    return (output.data, state)
  }

  /// Reads packed sequences.
  ///
  /// - Returns: The hidden states of the last layer, and the final state of each layer and
  ///   direction, in the original order of the sequences.
  public func callAsFunction(
    _ input: PackedSequence, _ hx: State? = nil
  ) throws -> (output: PackedSequence, state: State) {
    let (output, state) = try self(Input(.packed(input), hx: hx))
    var packed = input
    packed.data = output.data
    return (packed, state)
  }

  /// Reads sequences; the output has the form of the input.
  public func forward(_ input: Input) -> (output: RecurrentSequence, state: State) {
    let sizes = [projSize > 0 ? projSize : hiddenSize, hiddenSize]
    let hx = input.hx.map { [$0.hidden, $0.cell] }
    guard let call = RecurrentCall(self, input.sequence, hx, stateSizes: sizes) else {
      let undefined = Tensor(owning: nil)
      return (.padded(undefined), (undefined, undefined))
    }
    let results = run(call, padded: lstmOp, packed: packedLSTMOp, hasStateList: true)
    return (call.output(results[0]), (call.state(results[1]), call.state(results[2])))
  }
}

private let lstmOp = Operator("aten::lstm", "input")
private let packedLSTMOp = Operator("aten::lstm", "data")
