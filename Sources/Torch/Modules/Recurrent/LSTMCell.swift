/// One step of a long short-term memory.
///
/// PyTorch: `nn.LSTMCell`.
public final class LSTMCell: RecurrentCell, Module {
  /// The hidden state and the cell state, each of shape `[batch, hiddenSize]`, or without the
  /// batch.
  public typealias State = (hidden: Tensor, cell: Tensor)

  /// An element of each sequence, and the state before it.
  public struct Input {
    /// Shape `[batch, inputSize]`, or `[inputSize]`.
    public var input: Tensor
    /// The state before the step; `nil` for zeros.
    public var hx: State?

    /// Creates an input.
    public init(_ input: Tensor, hx: State? = nil) {
      self.input = input
      self.hx = hx
    }
  }

  /// Creates a cell with parameters drawn uniformly from ±1/√hiddenSize, as in PyTorch.
  ///
  /// - Parameters:
  ///   - inputSize: The number of features of the input.
  ///   - hiddenSize: The number of features of the hidden state.
  ///   - bias: Whether the cell has biases.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes are at least 1.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, bias: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(inputSize, hiddenSize, gates: 4, bias: bias, file: file, line: line)
  }

  /// Returns the state after the element.
  public func callAsFunction(_ input: Tensor, _ hx: State? = nil) throws -> State {
    try self(Input(input, hx: hx))
  }

  /// Returns the state after the element, of the shape of `hx`.
  public func forward(_ input: Input) -> State {
    guard let call = CellCall(self, input.input, input.hx.map { [$0.hidden, $0.cell] }, states: 2)
    else { return (Tensor(owning: nil), Tensor(owning: nil)) }
    let state = call.input.lstmCell(call.states, weightIH, weightHH, bIh: biasIH, bHh: biasHH)
    return (call.state(state.hidden), call.state(state.cell))
  }
}
