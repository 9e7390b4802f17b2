internal import Support

/// The part that ``RNNCell``, ``LSTMCell`` and ``GRUCell`` share: sizes and weights.
///
/// PyTorch: `nn.RNNCellBase`.
public class RecurrentCell {
  /// The number of features of the input.
  public let inputSize: Int
  /// The number of features of the hidden state.
  public let hiddenSize: Int
  /// Whether the cell has biases.
  public let bias: Bool
  /// The weight of the input, shape `[gates × hiddenSize, inputSize]`.
  @Named public var weightIH: Tensor
  /// The weight of the state, shape `[gates × hiddenSize, hiddenSize]`.
  @Named public var weightHH: Tensor
  /// The bias of the input, shape `[gates × hiddenSize]`, or `nil`.
  @Named public var biasIH: Tensor?
  /// The bias of the state, shape `[gates × hiddenSize]`, or `nil`.
  @Named public var biasHH: Tensor?

  init(
    _ inputSize: Int, _ hiddenSize: Int, gates: Int, bias: Bool, file: StaticString, line: UInt
  ) {
    require(
      inputSize >= 1 && hiddenSize >= 1,
      "inputSize is \(inputSize) and hiddenSize \(hiddenSize); use 1 or more", file: file,
      line: line)
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.bias = bias
    let size = gates * hiddenSize
    _weightIH = Named(.parameter([size, inputSize]), as: "weight_ih")
    _weightHH = Named(.parameter([size, hiddenSize]), as: "weight_hh")
    _biasIH = Named(bias ? Tensor.parameter([size]) : nil, as: "bias_ih")
    _biasHH = Named(bias ? Tensor.parameter([size]) : nil, as: "bias_hh")
    fillRecurrentWeights([weightIH, weightHH] + [biasIH, biasHH].compactMap { $0 }, hiddenSize)
  }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String { "\(inputSize), \(hiddenSize)" + (bias ? "" : ", bias=False") }
}

/// The input of one call of a cell, with a batch dimension.
struct CellCall {
  /// Shape `[batch, inputSize]`.
  var input: Tensor
  /// Each of shape `[batch, hiddenSize]`.
  var states: [Tensor]
  private let isBatched: Bool

  /// Checks the input and completes the states; `nil` after a failed operator.
  init?(_ cell: RecurrentCell, _ input: Tensor, _ states: [Tensor]?, states count: Int) {
    guard input.isDefined, states?.allSatisfy(\.isDefined) ?? true else { return nil }
    let problem: String? =
      if ![1, 2].contains(input.ndim) {
        "the input has shape \(input.shape): pass [batch, inputSize] or [inputSize]"
      } else if let state = states?.first(where: { $0.ndim != input.ndim }) {
        "the state has shape \(state.shape), but the input has shape \(input.shape): pass both "
          + "with a batch, or both without"
      } else {
        nil
      }
    if let problem {
      operatorFailed("\(type(of: cell))", input.summary, problem)
      return nil
    }
    isBatched = input.ndim == 2
    self.input = isBatched ? input : input.unsqueeze(dim: 0)
    if let states {
      self.states = isBatched ? states : states.map { $0.unsqueeze(dim: 0) }
    } else {
      let zeros = Tensor.zeros(
        [self.input.shape[0], cell.hiddenSize], dtype: input.dtype, device: input.device)
      self.states = Array(repeating: zeros, count: count)
    }
  }

  /// A state after the call, in the form of the input.
  func state(_ result: Tensor) -> Tensor { isBatched ? result : result.squeeze(dim: 0) }
}
