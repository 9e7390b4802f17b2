import Foundation
import Tokenizers

/// Tokenizer folders, and what Hugging Face makes of each: the output of
/// Benchmarks/peer/tokenizer_grid.py.
struct TokenizerGrid {
  private struct Texts: Decodable {
    var texts: [String]
    var pairs: [[String]]
  }

  /// What a tokenizer gives for the texts.
  private struct Results: Decodable {
    var folder: String
    var error: String?
    var ids: [[Int32]]?
    var pairs: [[[Int32]]]?
    var truncated: [[Int32]]?
    var decoded: [String]?
    var decoded_all: [String]?
    var padding: Int32?
  }

  private struct Summary: Encodable {
    var folders = 0
    /// The folders that both read, with equal results.
    var equal = 0
    /// The folders that both refuse.
    var refused = 0
    var different: [String] = []
    /// The folders that only Hugging Face reads, with Lockstep's error.
    var onlyPeer: [String] = []
    /// The folders that only Lockstep reads, by the peer's error.
    var onlyLockstep: [String: Int] = [:]
    /// The folders that `save` wrote, each a copy of one that was read.
    var saved = 0
    var longestMessage = 0
  }

  private let root: String
  private let texts: Texts

  /// Opens a folder of the grid.
  init(at root: String) throws {
    self.root = root
    texts = try JSONDecoder().decode(
      Texts.self, from: Data(contentsOf: URL(filePath: "\(root)/texts.json")))
  }

  /// Compares all folders, and saves each tokenizer that Hugging Face reads to a folder of its name
  /// in `copies`.
  ///
  /// - Returns: The summary as JSON.
  func compare(savingTo copies: String) throws -> String {
    var summary = Summary()
    let lines = try Data(contentsOf: URL(filePath: "\(root)/expected.jsonl"))
      .split(separator: UInt8(ascii: "\n"))
    for line in lines {
      let wanted = try JSONDecoder().decode(Results.self, from: Data(line))
      let folder = "\(root)/\(wanted.folder)"
      summary.folders += 1
      do throws(TokenizerError) {
        let tokenizer = try WordPieceTokenizer(contentsOf: folder)
        let difference = difference(tokenizer, wanted)
        if let error = wanted.error {
          summary.onlyLockstep[String(error.prefix(60)), default: 0] += 1
          continue
        } else if let difference {
          summary.different.append("\(wanted.folder): \(difference)")
        } else {
          summary.equal += 1
        }
        try tokenizer.save(to: "\(copies)/\(wanted.folder)")
        copyModel(from: folder, to: "\(copies)/\(wanted.folder)")
        summary.saved += 1
      } catch {
        summary.longestMessage = max(summary.longestMessage, error.message.utf8.count)
        if wanted.error == nil {
          summary.onlyPeer.append("\(wanted.folder): \(error.message)")
        } else {
          summary.refused += 1
        }
      }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(summary), as: UTF8.self)
  }

  private func difference(_ tokenizer: WordPieceTokenizer, _ wanted: Results) -> String? {
    let ids = texts.texts.map { tokenizer.encode($0).ids }
    func first<Value: Equatable>(_ name: String, _ got: [Value], _ wanted: [Value]?) -> String? {
      guard let wanted, got != wanted else { return nil }
      let index = zip(got, wanted).enumerated().first { $1.0 != $1.1 }?.offset ?? 0
      return "\(name) of text \(index): \(got[index]) is not \(wanted[index])"
    }
    let pairs = texts.pairs.map { pair in
      let encoding = tokenizer.encode(pair[0], pair: pair[1])
      return [encoding.ids, encoding.typeIDs]
    }
    if let padding = wanted.padding, padding != tokenizer.paddingID {
      return "padding: \(tokenizer.paddingID) is not \(padding)"
    }
    func bytes(_ texts: [String]?) -> [[UInt8]]? { texts?.map { Array($0.utf8) } }
    return first("ids", ids, wanted.ids) ?? first("pair", pairs, wanted.pairs)
      ?? first(
        "truncated ids", texts.texts.map { tokenizer.encode($0, maxLength: 5).ids },
        wanted.truncated)
      ?? first(
        "decoded text", ids.map { Array(tokenizer.decode($0).utf8) }, bytes(wanted.decoded))
      ?? first(
        "text with special tokens",
        ids.map { Array(tokenizer.decode($0, skipsSpecialTokens: false).utf8) },
        bytes(wanted.decoded_all))
  }

  /// Copies `config.json` as saving a BERT model does, which names the type of the model.
  private func copyModel(from folder: String, to copy: String) {
    let url = URL(filePath: "\(folder)/config.json")
    var object =
      (try? Data(contentsOf: url)).flatMap {
        try? JSONSerialization.jsonObject(with: $0) as? [String: Any]
      } ?? [:]
    object["model_type"] = "bert"
    try? JSONSerialization.data(withJSONObject: object)
      .write(to: URL(filePath: "\(copy)/config.json"))
  }
}
