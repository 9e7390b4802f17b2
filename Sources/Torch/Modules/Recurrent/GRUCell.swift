/// One step of a gated recurrent unit.
///
/// PyTorch: `nn.GRUCell`.
public final class GRUCell: RecurrentCell, Module {
  /// An element of each sequence, and the state before it.
  public struct Input {
    /// Shape `[batch, inputSize]`, or `[inputSize]`.
    public var input: Tensor
    /// Shape `[batch, hiddenSize]`, or without the batch; `nil` for zeros.
    public var hx: Tensor?

    /// Creates an input.
    public init(_ input: Tensor, hx: Tensor? = nil) {
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
    super.init(inputSize, hiddenSize, gates: 3, bias: bias, file: file, line: line)
  }

  /// Returns the state after the element.
  public func callAsFunction(_ input: Tensor, _ hx: Tensor? = nil) throws -> Tensor {
    try self(Input(input, hx: hx))
  }

  /// Returns the state after the element, of the shape of `hx`.
  public func forward(_ input: Input) -> Tensor {
    guard let call = CellCall(self, input.input, input.hx.map { [$0] }, states: 1) else {
      return Tensor(owning: nil)
    }
    return call.state(
      call.input.gruCell(call.states[0], weightIH, weightHH, bIh: biasIH, bHh: biasHH))
  }
}
