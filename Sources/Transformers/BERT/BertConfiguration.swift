internal import Foundation
internal import Torch

/// The sizes of a BERT model, under the names and with the defaults of Hugging Face's `config.json`.
public struct BertConfiguration: Equatable, Sendable {
  /// The number of tokens that the model knows.
  public var vocabularySize = 30522
  /// The size of the vectors between layers.
  public var hiddenSize = 768
  /// The number of layers.
  public var layerCount = 12
  /// The number of attention heads; divides the hidden size.
  public var headCount = 12
  /// The size of the vectors inside each feed-forward part.
  public var intermediateSize = 3072
  /// The largest number of tokens in a sequence.
  public var maxPositions = 512
  /// The number of segments that a sequence may have.
  public var tokenTypeCount = 2
  /// The token that fills up short sequences.
  public var paddingToken = 0
  /// The activation of the feed-forward parts.
  public var activation = BertActivation.gelu
  /// The probability of dropping an element of a hidden vector.
  public var hiddenDropout = 0.1
  /// The probability of dropping an attention weight.
  public var attentionDropout = 0.1
  /// The probability of dropping an element before the classifier; `nil` takes ``hiddenDropout``.
  public var classifierDropout: Double?
  /// Added to the variance in each LayerNorm.
  public var layerNormEpsilon = 1e-12
  /// The standard deviation of newly drawn weights.
  public var initializerRange = 0.02
  /// The number of classes.
  public var labelCount = 2

  /// The defaults: BERT-base.
  public init() {}

  /// The text of the `config.json` that this was read from, whose other keys are kept when saving.
  private(set) var source: Data?
}

/// An activation function by its Hugging Face name.
public enum BertActivation: String, Sendable {
  /// By the error function.
  case gelu
  /// By the tanh approximation.
  case geluNew = "gelu_new"
  /// By the tanh approximation, under PyTorch's name.
  case geluPyTorchTanh = "gelu_pytorch_tanh"
  /// The rectified linear unit.
  case relu

  func callAsFunction(_ input: Tensor) -> Tensor {
    switch self {
    case .gelu: input.gelu()
    case .geluNew, .geluPyTorchTanh: input.gelu(.tanh)
    case .relu: input.relu()
    }
  }
}

extension BertConfiguration {
  /// Reads a `config.json`.
  ///
  /// - Throws: ``TransformersError`` with code `missingFile`, `invalidFile` when values are of the
  ///   wrong type or do not fit each other, `unsupported` for another kind of model.
  public init(path: String) throws(TransformersError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TransformersError(
        .missingFile, "there is no readable file '\(path)': a model folder holds config.json")
    }
    let json: BertConfigurationFile
    do {
      json = try JSONDecoder().decode(BertConfigurationFile.self, from: data)
    } catch {
      throw TransformersError(
        .invalidFile, "'\(path)' is no configuration of a model: \(describe(error))", cause: error)
    }
    guard json.model_type ?? "bert" == "bert" else {
      throw TransformersError(
        .unsupported,
        "'\(path)' describes a model of type '\(json.model_type ?? "")'; only 'bert' is supported")
    }
    guard json.position_embedding_type ?? "absolute" == "absolute" else {
      throw TransformersError(
        .unsupported,
        "'\(path)' asks for position_embedding_type '\(json.position_embedding_type ?? "")'; only "
          + "'absolute' is supported")
    }
    self.init()
    let name = json.hidden_act ?? activation.rawValue
    guard let activation = BertActivation(rawValue: name) else {
      throw TransformersError(
        .unsupported,
        "'\(path)' asks for hidden_act '\(name)'; supported are gelu, gelu_new, gelu_pytorch_tanh "
          + "and relu")
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
    // Far beyond any model; more is damage, and would end in a lack of memory that names no file.
    let largest = [("num_hidden_layers", layerCount, 10_000)] + sizes.map { ($0, $1, 1 << 24) }
    for (name, size, limit) in largest where size > limit {
      throw TransformersError(
        .invalidFile, "'\(path)' has \(name) \(size); it must be at most \(limit)")
    }
    guard hiddenSize % headCount == 0 else {
      throw TransformersError(
        .invalidFile,
        "'\(path)' has hidden_size \(hiddenSize), which num_attention_heads \(headCount) does not "
          + "divide")
    }
    guard (0..<vocabularySize).contains(paddingToken) else {
      throw TransformersError(
        .invalidFile,
        "'\(path)' has pad_token_id \(paddingToken), which is none of its \(vocabularySize) tokens")
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
