internal import Support

/// The part that ``RNN``, ``LSTM`` and ``GRU`` share: settings and weights.
///
/// PyTorch: `nn.RNNBase`.
public class RecurrentLayer: ModeDependent {
  /// The number of features of an element of the input.
  public let inputSize: Int
  /// The number of features of the hidden state.
  public let hiddenSize: Int
  /// The number of layers, each of which reads the output of the one before.
  public let numLayers: Int
  /// Whether the layers have biases.
  public let bias: Bool
  /// Whether padded input and output have the shape `[batch, length, features]`.
  public let batchFirst: Bool
  /// The probability with which elements of the output of each layer but the last are dropped.
  public let dropout: Double
  /// Whether a second network reads the sequences from the end.
  public let bidirectional: Bool
  /// The size to which an LSTM projects its hidden state; 0 without a projection.
  public let projSize: Int
  /// Whether dropout is applied.
  public var isTraining = true

  /// The parameters, such as `weight_ih_l0` and `bias_hh_l1_reverse`.
  private let weights: NamedTensors

  init(
    _ inputSize: Int, _ hiddenSize: Int, gates: Int, numLayers: Int, bias: Bool, batchFirst: Bool,
    dropout: Double, bidirectional: Bool, projSize: Int = 0, file: StaticString, line: UInt
  ) {
    require(
      inputSize >= 1 && hiddenSize >= 1 && numLayers >= 1,
      "inputSize is \(inputSize), hiddenSize \(hiddenSize) and numLayers \(numLayers); use 1 or "
        + "more", file: file, line: line)
    require(
      (0...1).contains(dropout), "the dropout probability is \(dropout); use 0 to 1", file: file,
      line: line)
    require(
      projSize >= 0 && projSize < hiddenSize,
      "projSize is \(projSize); use 0 for no projection, or a size below hiddenSize, \(hiddenSize)",
      file: file, line: line)
    if dropout > 0, numLayers == 1 {
      Log.warning(
        "dropout \(dropout) has no effect in a recurrent network of one layer, because it applies "
          + "between layers: use numLayers: 2 or more, or dropout: 0")
    }
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.numLayers = numLayers
    self.bias = bias
    self.batchFirst = batchFirst
    self.dropout = dropout
    self.bidirectional = bidirectional
    self.projSize = projSize
    weights = RecurrentLayer.weights(
      inputSize, hiddenSize, gates: gates, layers: numLayers, directions: bidirectional ? 2 : 1,
      bias: bias, projSize: projSize)
    fillRecurrentWeights(weights.tensors, hiddenSize)
  }

  private static func weights(
    _ inputSize: Int, _ hiddenSize: Int, gates: Int, layers: Int, directions: Int, bias: Bool,
    projSize: Int
  ) -> NamedTensors {
    let stateSize = projSize > 0 ? projSize : hiddenSize
    var entries: [(name: String, tensor: Tensor)] = []
    for layer in 0..<layers {
      for direction in 0..<directions {
        let suffix = "_l\(layer)" + (direction == 1 ? "_reverse" : "")
        func add(_ name: String, _ shape: [Int]) {
          entries.append((name + suffix, .parameter(shape)))
        }
        let size = layer == 0 ? inputSize : stateSize * directions
        add("weight_ih", [gates * hiddenSize, size])
        add("weight_hh", [gates * hiddenSize, stateSize])
        if bias {
          add("bias_ih", [gates * hiddenSize])
          add("bias_hh", [gates * hiddenSize])
        }
        if projSize > 0 { add("weight_hr", [projSize, hiddenSize]) }
      }
    }
    return NamedTensors(entries: entries)
  }

  /// The parameters of each layer and direction: weights of input and state, their biases, and the
  /// projection, as far as the network has them.
  ///
  /// PyTorch: `all_weights`.
  public var allWeights: [[Tensor]] {
    let count = 2 + (bias ? 2 : 0) + (projSize > 0 ? 1 : 0)
    let all = weights.tensors
    return stride(from: 0, to: all.count, by: count).map { Array(all[$0..<$0 + count]) }
  }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String {
    var text = "\(inputSize), \(hiddenSize)"
    if projSize != 0 { text += ", proj_size=\(projSize)" }
    if numLayers != 1 { text += ", num_layers=\(numLayers)" }
    if !bias { text += ", bias=False" }
    if batchFirst { text += ", batch_first=True" }
    if dropout != 0 { text += ", dropout=\(dropout)" }
    if bidirectional { text += ", bidirectional=True" }
    return text
  }

  /// The number of layers times that of directions: dimension 0 of a hidden state.
  var stateCount: Int { numLayers * (bidirectional ? 2 : 1) }

  /// The flat list of parameters that operators take.
  var flatWeights: [Tensor] { weights.tensors }
}

/// Draws all tensors uniformly from ±1/√hiddenSize.
func fillRecurrentWeights(_ tensors: [Tensor], _ hiddenSize: Int) {
  let bound = 1 / Double(hiddenSize).squareRoot()
  for tensor in tensors { Init.uniform(tensor, a: -bound, b: bound) }
}
