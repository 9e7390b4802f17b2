internal import Foundation
internal import Torch

/// The configuration of a BERT model, with the defaults of Hugging Face's `config.json`.
///
/// It has one property for each key that the model uses.
public struct BertConfiguration: Equatable, Sendable {
  /// The number of tokens in the vocabulary.
  public var vocabularySize = 30522
  /// The size of a token's hidden vector.
  public var hiddenSize = 768
  /// The number of encoder layers.
  public var layerCount = 12
  /// The number of attention heads, a divisor of ``hiddenSize``.
  public var headCount = 12
  /// The hidden size of the feed-forward networks.
  public var intermediateSize = 3072
  /// The maximum number of tokens in a sequence.
  public var maxPositions = 512
  /// The number of segments (token types).
  public var tokenTypeCount = 2
  /// The id of the padding token.
  public var paddingToken = 0
  /// The activation of the feed-forward networks.
  public var activation = BertActivation.gelu
  /// The dropout probability of hidden vectors.
  public var hiddenDropout = 0.1
  /// The dropout probability of attention weights.
  public var attentionDropout = 0.1
  /// The dropout probability before the classifier; `nil` for ``hiddenDropout``.
  public var classifierDropout: Double?
  /// The epsilon that each LayerNorm adds to the variance.
  public var layerNormEpsilon = 1e-12
  /// The standard deviation of randomly initialized weights.
  public var initializerRange = 0.02
  /// The number of classes.
  public var labelCount = 2

  /// Creates the configuration of BERT-base.
  public init() {}

  /// The names of the classes in the `config.json` that was read, in index order.
  var classNames: [String]?

  /// The contents of the `config.json` that was read; saving retains its other keys.
  private(set) var source: Data?
}

/// An activation function, by its Hugging Face name.
public enum BertActivation: String, Sendable {
  /// GELU with the error function.
  case gelu
  /// GELU with the tanh approximation.
  case geluNew = "gelu_new"
  /// GELU with the tanh approximation, under PyTorch's name.
  case geluPyTorchTanh = "gelu_pytorch_tanh"
  /// The rectified linear unit.
  case relu

  func callAsFunction(_ input: Tensor) -> Tensor {
    switch self {
    case .gelu: input.gelu()
    case .geluNew, .geluPyTorchTanh: input.gelu(approximate: .tanh)
    case .relu: input.relu()
    }
  }
}

extension BertConfiguration {
  /// Reads a `config.json`.
  ///
  /// - Throws: ``TransformersError`` with code `missingFile`; `invalidFile` if values have the
  ///   wrong type or are inconsistent; `unsupported` for another kind of model.
  public init(path: String) throws(TransformersError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TransformersError(
        .missingFile, "cannot read '\(path)': pass a model folder that contains config.json")
    }
    let json: BertConfigurationFile
    do {
      json = try JSONDecoder().decode(BertConfigurationFile.self, from: data)
    } catch {
      throw TransformersError(
        .invalidFile, "'\(path)' is not a model configuration: \(describe(error))", cause: error)
    }
    guard json.model_type ?? "bert" == "bert" else {
      throw TransformersError(
        .unsupported,
        "'\(path)' describes a model of type '\(json.model_type ?? "")'; only 'bert' is supported")
    }
    guard json.position_embedding_type ?? "absolute" == "absolute" else {
      throw TransformersError(
        .unsupported,
        "'\(path)' has position_embedding_type '\(json.position_embedding_type ?? "")'; only "
          + "'absolute' is supported")
    }
    self.init()
    let name = json.hidden_act ?? activation.rawValue
    guard let activation = BertActivation(rawValue: name) else {
      throw TransformersError(
        .unsupported,
        "'\(path)' has hidden_act '\(name)'; supported are gelu, gelu_new, gelu_pytorch_tanh and "
          + "relu")
    }
    self.activation = activation
    json.fill(&self)
    source = data
    try validate(path)
  }

  private func validate(_ path: String) throws(TransformersError) {
    let sizes = [
      ("vocab_size", vocabularySize), ("hidden_size", hiddenSize),
      ("num_hidden_layers", layerCount), ("num_attention_heads", headCount),
      ("intermediate_size", intermediateSize), ("max_position_embeddings", maxPositions),
      ("type_vocab_size", tokenTypeCount), ("num_labels", labelCount),
    ]
    for (name, size) in sizes where size < 1 {
      throw TransformersError(.invalidFile, "'\(path)' has \(name) \(size); it must be at least 1")
    }
    // The limits exceed the sizes of all models. Without them, a damaged file would cause a failed
    // allocation, whose error does not name the file.
    let largest = [("num_hidden_layers", layerCount, 10_000)] + sizes.map { ($0, $1, 1 << 24) }
    for (name, size, limit) in largest where size > limit {
      throw TransformersError(
        .invalidFile, "'\(path)' has \(name) \(size); it must be at most \(limit)")
    }
    guard hiddenSize % headCount == 0 else {
      throw TransformersError(
        .invalidFile,
        "'\(path)' has num_attention_heads \(headCount); it must divide hidden_size \(hiddenSize)")
    }
    guard (0..<vocabularySize).contains(paddingToken) else {
      throw TransformersError(
        .invalidFile,
        "'\(path)' has pad_token_id \(paddingToken); it must be in 0..<\(vocabularySize), the "
          + "vocabulary")
    }
    let probabilities = [
      ("hidden_dropout_prob", hiddenDropout), ("attention_probs_dropout_prob", attentionDropout),
      ("classifier_dropout", classifierDropout ?? 0),
    ]
    for (name, probability) in probabilities where !(0...1).contains(probability) {
      throw TransformersError(
        .invalidFile, "'\(path)' has \(name) \(probability); it must be between 0 and 1")
    }
  }
}
