/// One step of an Elman network.
///
/// PyTorch: `nn.RNNCell`.
public final class RNNCell: RecurrentCell, Module {
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

  /// The function of the hidden state.
  public let nonlinearity: RecurrentNonlinearity

  /// Creates a cell with parameters drawn uniformly from ±1/√hiddenSize, as in PyTorch.
  ///
  /// - Parameters:
  ///   - inputSize: The number of features of the input.
  ///   - hiddenSize: The number of features of the hidden state.
  ///   - bias: Whether the cell has biases.
  ///   - nonlinearity: The function of the hidden state.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes are at least 1.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, bias: Bool = true,
    nonlinearity: RecurrentNonlinearity = .tanh, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.nonlinearity = nonlinearity
    super.init(inputSize, hiddenSize, gates: 1, bias: bias, file: file, line: line)
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
    let input = call.input
    let hx = call.states[0]
    let state =
      switch nonlinearity {
      case .tanh: input.rnnTanhCell(hx, weightIH, weightHH, bIh: biasIH, bHh: biasHH)
      case .relu: input.rnnReluCell(hx, weightIH, weightHH, bIh: biasIH, bHh: biasHH)
      }
    return call.state(state)
  }

  /// The settings, as PyTorch prints them.
  public override var extraRepr: String {
    super.extraRepr + (nonlinearity == .tanh ? "" : ", nonlinearity=\(nonlinearity)")
  }
}
