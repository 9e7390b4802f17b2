internal import Foundation
internal import Torch

/// The keys of `config.json` that are used.
///
/// All are optional, as for Hugging Face. There is one property for each key.
struct BertConfigurationFile: Decodable {
  var model_type: String?
  var position_embedding_type: String?
  var hidden_act: String?
  var vocab_size: Int?
  var hidden_size: Int?
  var num_hidden_layers: Int?
  var num_attention_heads: Int?
  var intermediate_size: Int?
  var max_position_embeddings: Int?
  var type_vocab_size: Int?
  var pad_token_id: Int?
  var hidden_dropout_prob: Double?
  var attention_probs_dropout_prob: Double?
  var classifier_dropout: Double?
  var layer_norm_eps: Double?
  var initializer_range: Double?
  var id2label: ClassNames?
  var num_labels: Int?

  /// Sets the properties of `configuration` whose keys the file contains.
  func fill(_ configuration: inout BertConfiguration) {
    func set<Value>(_ path: WritableKeyPath<BertConfiguration, Value>, _ value: Value?) {
      if let value { configuration[keyPath: path] = value }
    }
    set(\.vocabularySize, vocab_size)
    set(\.hiddenSize, hidden_size)
    set(\.layerCount, num_hidden_layers)
    set(\.headCount, num_attention_heads)
    set(\.intermediateSize, intermediate_size)
    set(\.maxPositions, max_position_embeddings)
    set(\.tokenTypeCount, type_vocab_size)
    set(\.paddingToken, pad_token_id)
    set(\.hiddenDropout, hidden_dropout_prob)
    set(\.attentionDropout, attention_probs_dropout_prob)
    set(\.classifierDropout, classifier_dropout)
    set(\.layerNormEpsilon, layer_norm_eps)
    set(\.initializerRange, initializer_range)
    // Hugging Face ignores num_labels if there are names.
    configuration.classNames = id2label.flatMap { $0.names.isEmpty ? nil : $0.names }
    set(\.labelCount, configuration.classNames?.count ?? num_labels)
  }
}

extension BertConfiguration {
  /// Returns the contents of a `config.json`, with the other keys of the file that was read.
  ///
  /// - Parameters:
  ///   - labels: The names of the classes; `nil` for those of the file that was read.
  ///   - dtypes: The data types of the weights.
  /// - Returns: The text, in UTF-8.
  /// - Throws: The error of `JSONSerialization`.
  func json(labels: [String]?, dtypes: Set<DType>) throws -> Data {
    var object =
      try source.map { try JSONSerialization.jsonObject(with: $0) as? [String: Any] ?? [:] } ?? [:]
    object["architectures"] = ["BertForSequenceClassification"]
    object["model_type"] = "bert"
    object["vocab_size"] = vocabularySize
    object["hidden_size"] = hiddenSize
    object["num_hidden_layers"] = layerCount
    object["num_attention_heads"] = headCount
    object["intermediate_size"] = intermediateSize
    object["max_position_embeddings"] = maxPositions
    object["type_vocab_size"] = tokenTypeCount
    object["pad_token_id"] = paddingToken
    object["hidden_act"] = activation.rawValue
    object["hidden_dropout_prob"] = hiddenDropout
    object["attention_probs_dropout_prob"] = attentionDropout
    object["layer_norm_eps"] = layerNormEpsilon
    object["initializer_range"] = initializerRange
    object["classifier_dropout"] = classifierDropout
    // Hugging Face rejects a classification with one class.
    object["problem_type"] = labelCount == 1 ? "regression" : "single_label_classification"
    // The number of labels follows from id2label.
    object["num_labels"] = nil
    // Indices from 0, whatever the file that was read has, and only as many as there are classes.
    let known = labels ?? (classNames?.count == labelCount ? classNames : nil)
    let names = known ?? (0..<labelCount).map { "LABEL_\($0)" }
    object["id2label"] = Dictionary(uniqueKeysWithValues: names.enumerated().map { ("\($0)", $1) })
    object["label2id"] = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
    // Before version 4.56, transformers reads only `torch_dtype`. Both are wrong if weights of the
    // file were converted, and neither can describe weights of several types.
    let key = object["torch_dtype"] == nil ? "dtype" : "torch_dtype"
    object["dtype"] = nil
    object["torch_dtype"] = nil
    if dtypes.count == 1, let dtype = dtypes.first { object[key] = "\(dtype)" }
    // The weights are plain tensors, whatever the file contained.
    object["quantization_config"] = nil
    return try JSONSerialization.data(
      withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
  }
}

/// Describes a decoding error with the key that caused it.
func describe(_ error: any Error) -> String {
  switch error {
  case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
    let key = context.codingPath.map(\.stringValue).joined(separator: ".")
    return "'\(key)' has the wrong type"
  case DecodingError.keyNotFound(let key, _):
    return "'\(key.stringValue)' is missing"
  case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
    let key = context.codingPath.map(\.stringValue).joined(separator: ".")
    return "'\(key)' is invalid: \(context.debugDescription)"
  default:
    return "it is not a JSON object"
  }
}
