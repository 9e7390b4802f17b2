import Foundation
import ProcessHarness
import Torch
import Transformers

/// A temporary folder with a model's files.
final class ModelFolder {
  private let folder: TestFolder
  var path: String { folder.path }

  init(_ changes: [String: Any] = [:], weights: StateDict? = nil) throws {
    folder = try TestFolder()
    var configuration: [String: Any] = [
      "model_type": "bert", "vocab_size": 20, "hidden_size": 8, "num_hidden_layers": 2,
      "num_attention_heads": 2, "intermediate_size": 12, "max_position_embeddings": 10,
      "custom_key": ["kept": true],
    ]
    configuration.merge(changes) { $1 }
    try write(
      JSONSerialization.data(withJSONObject: configuration), "config.json")
    if let weights { try Safetensors.write(weights, path: file("model.safetensors")) }
  }

  func file(_ name: String) -> String { folder.file(name) }

  func write(_ data: Data, _ name: String) throws {
    try data.write(to: URL(fileURLWithPath: file(name)))
  }

  func json(_ name: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: file(name)))
    return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }
}

/// A small model with random weights of a seed.
func smallModel(seed: UInt64 = 1) throws -> BertForSequenceClassification {
  let folder = try ModelFolder()
  manualSeed(seed)
  return try BertForSequenceClassification.pretrained(
    at: folder.path, labelCount: 3, fromScratch: true
  ).model
}

/// Two sequences of five tokens, the second with two tokens of padding.
func smallBatch(
  ids: [Int64] = [2, 7, 9, 11, 3, 2, 8, 3, 0, 0], tokenTypeIDs: Tensor? = nil
) -> TokenBatch {
  TokenBatch(
    inputIDs: Tensor(ids, shape: [2, 5]), tokenTypeIDs: tokenTypeIDs,
    attentionMask: Tensor(
      [true, true, true, true, true, true, true, true, false, false], shape: [2, 5]))
}
