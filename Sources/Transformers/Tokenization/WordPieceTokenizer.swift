/// BERT's tokenizer: the ids that Hugging Face's `tokenizers` 0.23 gives, for every text.
///
/// A text is searched for special tokens, cleaned, split into words, and each word is split into
/// the longest tokens of the vocabulary; `[CLS]` and `[SEP]` stand around the result. A tokenizer is
/// a value without mutable state: many threads may encode with one at a time.
///
/// ```swift
/// let tokenizer = try WordPieceTokenizer(contentsOf: "MiniLM-L6")
/// let encoding = tokenizer.encode("Not bad at all!", maxLength: 128)
/// ```
public struct WordPieceTokenizer: Sendable {
  /// How texts are cleaned.
  public var normalizerOptions: BertNormalizerOptions { normalizer.options }

  /// The id of `[PAD]`, which fills a row up to the length of its batch.
  public let paddingID: Int32

  /// The id of `[UNK]`, which stands for a word that cannot be made of tokens.
  public var unknownID: Int32 { wordPiece.unknownID }

  /// The id of `[CLS]`, the first token of every encoding.
  public let classifierID: Int32

  /// The id of `[SEP]`, which ends each text.
  public let separatorID: Int32

  /// One more than the largest id: the number of rows that a word embedding needs.
  public let vocabularySize: Int

  /// The longest input of the model that the tokenizer belongs to, if its files say so.
  public let modelMaxLength: Int?

  let wordPiece: WordPiece
  let files: TokenizerFiles
  let maskToken: String?
  private let normalizer: BertNormalizer
  private let specialTokens: AddedTokenMatcher
  private let normalizedTokens: AddedTokenMatcher
  let addedTokens: [AddedToken]

  init(_ definition: TokenizerDefinition, files: TokenizerFiles) {
    wordPiece = definition.wordPiece
    paddingID = definition.paddingID
    classifierID = definition.classifierID
    separatorID = definition.separatorID
    maskToken = definition.maskToken
    modelMaxLength = definition.modelMaxLength
    addedTokens = definition.addedTokens
    self.files = files
    let largestID = max(
      definition.wordPiece.vocabulary.idBound - 1, definition.addedTokens.map(\.id).max() ?? 0)
    vocabularySize = Int(largestID) + 1
    let normalizer = BertNormalizer(options: definition.normalizerOptions)
    self.normalizer = normalizer
    specialTokens = AddedTokenMatcher(
      definition.addedTokens.filter { !$0.isNormalized }
        .map { (Array($0.content.utf8), $0.id, $0.isSingleWord) })
    normalizedTokens = AddedTokenMatcher(
      definition.addedTokens.filter(\.isNormalized).map { token in
        var bytes: [UInt8] = []
        normalizer.normalize(Array(token.content.utf8).span, into: &bytes)
        return (bytes, token.id, token.isSingleWord)
      })
  }

  /// The number of special tokens in an encoding: 2 for one text, 3 for a pair.
  public static func specialTokenCount(pair: Bool) -> Int { pair ? 3 : 2 }

  /// Returns the id of a token, or `nil` if the vocabulary lacks it.
  public func id(of token: String) -> Int32? {
    addedTokens.first { $0.content == token }?.id ?? wordPiece.vocabulary.id(of: token)
  }

  /// Returns the token with an id, or `nil` if there is none.
  public func token(withID id: Int32) -> String? {
    addedTokens.first { $0.id == id }?.content ?? wordPiece.vocabulary[id]
  }

  /// Returns the ids of a text, `[CLS] text [SEP]`, or of a pair, `[CLS] text [SEP] pair [SEP]`.
  ///
  /// - Parameters:
  ///   - text: Any text; one that is empty has the two special tokens only.
  ///   - pair: A second text, whose tokens and last `[SEP]` have the type id 1.
  ///   - maxLength: The most tokens that the encoding may have, at least
  ///     ``specialTokenCount(pair:)``. What is too long loses its end, of a pair the longer text
  ///     first, as with Hugging Face's `truncation=True`. Nothing is cut if `nil`.
  /// - Returns: The ids with their type ids and attention mask, without padding.
  public func encode(_ text: String, pair: String? = nil, maxLength: Int? = nil) -> Encoding {
    let special = Self.specialTokenCount(pair: pair != nil)
    let room = maxLength.map { $0 - special } ?? Int.max
    precondition(room >= 0, "maxLength \(maxLength ?? 0) has no room for \(special) special tokens")
    guard let pair else {
      let ids = [classifierID] + ids(of: text, limit: room) + [separatorID]
      return Encoding(
        ids: ids, typeIDs: Array(repeating: 0, count: ids.count),
        attentionMask: Array(repeating: 1, count: ids.count))
    }
    var first = ids(of: text, limit: .max)
    var second = ids(of: pair, limit: .max)
    let kept = PairTruncation.lengths(first.count, second.count, room: room)
    first.removeLast(first.count - kept.first)
    second.removeLast(second.count - kept.second)
    let ids = [classifierID] + first + [separatorID] + second + [separatorID]
    return Encoding(
      ids: ids,
      typeIDs: Array(repeating: 0, count: first.count + 2)
        + Array(repeating: 1, count: second.count + 1),
      attentionMask: Array(repeating: 1, count: ids.count))
  }

  /// The ids of a text without special tokens around it, at most `limit` of them.
  private func ids(of text: String, limit: Int) -> [Int32] {
    var ids: [Int32] = []
    var cleaned: [UInt8] = []
    var hashes = wordPiece.scratch()
    let utf8 = Array(text.utf8)
    ids.reserveCapacity(min(limit, utf8.count / 4) + 8)
    cleaned.reserveCapacity(utf8.count + 8)
    specialTokens.forEachSegment(of: utf8.span) { segment in
      switch segment {
      case .token(let id): ids.append(id)
      case .text(let range):
        cleaned.removeAll(keepingCapacity: true)
        normalizer.normalize(utf8.span.extracting(range), into: &cleaned)
        split(cleaned.span, into: &ids, &hashes, limit: limit)
      }
      return ids.count < limit
    }
    if ids.count > limit { ids.removeLast(ids.count - limit) }
    return ids
  }

  private func split(
    _ cleaned: Span<UInt8>, into ids: inout [Int32], _ hashes: inout [Vocabulary.Hash], limit: Int
  ) {
    guard !normalizedTokens.isEmpty else {
      return appendWords(of: cleaned, to: &ids, &hashes, limit: limit)
    }
    normalizedTokens.forEachSegment(of: cleaned) { segment in
      switch segment {
      case .token(let id): ids.append(id)
      case .text(let range):
        appendWords(of: cleaned.extracting(range), to: &ids, &hashes, limit: limit)
      }
      return ids.count < limit
    }
  }

  private func appendWords(
    of text: Span<UInt8>, to ids: inout [Int32], _ hashes: inout [Vocabulary.Hash], limit: Int
  ) {
    BertPreTokenizer.forEachWord(in: text) { word in
      wordPiece.append(text.extracting(word), to: &ids, &hashes)
      return ids.count < limit
    }
  }
}
