/// The added tokens of a tokenizer and their ids, like `AddedVocabulary` of `tokenizers` 0.23.
struct AddedVocabulary: Sendable {
  private(set) var tokens: [Int32: AddedToken] = [:]
  /// The normalized texts of tokens that are matched in the normalized text, if they differ.
  ///
  /// As in `tokenizers`, the text stays if the token is added again with other properties.
  private(set) var normalizedTexts: [Int32: [UInt8]] = [:]
  private var ids: [[UInt8]: Int32] = [:]
  private var special: Set<[UInt8]> = []

  /// Adds tokens.
  ///
  /// The id of a token is that in the vocabulary. A token that the vocabulary lacks gets the next
  /// id, whatever the id in its file: the number of tokens in the vocabulary, or one more than the
  /// largest id of an added token if that is larger. If the ids of the vocabulary have gaps, the
  /// token therefore gets the id of another token. A token that was added before gets the new
  /// properties.
  mutating func add(
    _ batch: [AddedToken], to vocabulary: Vocabulary, normalizer: BertNormalizer
  ) {
    let count = Int32(vocabulary.count)
    var next = tokens.keys.max().map { $0 >= count ? $0 + 1 : count } ?? count
    for token in batch where !token.bytes.isEmpty {
      if let id = ids[token.bytes], tokens[id] == token { continue }
      let known = ids[token.bytes] ?? vocabulary.id(of: token.bytes)
      let id = known ?? next
      if known == nil { next += 1 }
      ids[token.bytes] = id
      if token.isSpecial { special.insert(token.bytes) }
      tokens[id] = token
      guard token.isNormalized else { continue }
      var text: [UInt8] = []
      normalizer.normalize(token.bytes.span, into: &text)
      if text != token.bytes { normalizedTexts[id] = text }
    }
  }

  /// Whether no two tokens, of these and of the vocabulary, have one id.
  func isDistinct(from vocabulary: Vocabulary) -> Bool {
    ids.count == tokens.count
      && tokens.allSatisfy { id, token in
        vocabulary.id(of: token.bytes) == id || id >= vocabulary.idBound
      }
  }

  /// The id of a token; `nil` if it was not added.
  func id(of token: String) -> Int32? { ids[Array(token.utf8)] }

  /// Whether a text is that of a special token.
  func isSpecial(_ text: [UInt8]) -> Bool { special.contains(text) }
}
