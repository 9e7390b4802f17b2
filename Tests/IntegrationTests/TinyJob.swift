import Foundation
import ProcessHarness

/// A minimal fine-tuning job in a temporary folder: a two-layer model with random weights, a small
/// vocabulary, and reviews of its words.
struct TinyJob {
  let folder: TestFolder

  static let words = ["good", "bad", "film", "the", "a", "was", "very", "##ly", "!", "."]

  init() throws {
    folder = try TestFolder()
    let vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + TinyJob.words
    try folder.create("model/vocab.txt", vocabulary.joined(separator: "\n") + "\n")
    try folder.create(
      "model/config.json",
      """
      {"model_type": "bert", "vocab_size": \(vocabulary.count), "hidden_size": 16,
       "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32,
       "max_position_embeddings": 32, "type_vocab_size": 2}
      """)
    // The file has no weights; the option --from-scratch initializes all of them.
    var empty = withUnsafeBytes(of: UInt64(2).littleEndian) { Data($0) }
    empty += Data("{}".utf8)
    try empty.write(to: URL(fileURLWithPath: folder.file("model/model.safetensors")))
    try writeReviews("train", count: 64)
    try writeReviews("test", count: 33)
  }

  func writeReviews(_ name: String, count: Int) throws {
    let rows = (0..<count).map { index -> String in
      let word = index % 2 == 0 ? "bad" : "good"
      let filler = String(repeating: "the film was very \(word) ", count: 1 + index % 3)
      return "\"\(filler)!\",\(index % 2)"
    }
    try folder.create("data/\(name).csv", "text,label\n" + rows.joined(separator: "\n") + "\n")
  }

  /// Declares class names beside the data, as Hugging Face's `datasets` does.
  func declareClasses(_ names: [String]) throws {
    let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
    try folder.create(
      "data/dataset_info.json",
      "{\"features\": {\"label\": {\"names\": [\(list)], \"_type\": \"ClassLabel\"}}}")
  }

  /// The program's arguments, followed by `more`.
  func arguments(_ more: String...) -> [String] {
    [
      "--model", folder.file("model"), "--from-scratch", "--data", folder.file("data"),
      "--epochs", "2",
      "--batch-size", "4", "--max-length", "16", "--learning-rate", "1e-3", "--timeout", "60",
      "--cache", folder.file("cache"),
    ] + more
  }

  /// Runs the job on `ranks` ranks.
  func run(ranks: Int, _ more: String...) async throws -> ChildProcess.Result {
    try await ChildProcess.run(
      "lockstep",
      [
        "run", "--standalone", "--nproc-per-node", "\(ranks)",
        ChildProcess.product("finetune-bert"),
      ] + arguments() + more)
  }
}
