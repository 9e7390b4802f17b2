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
  let normalizer: BertNormalizer
  let specialTokens: AddedTokenMatcher
  let normalizedTokens: AddedTokenMatcher
  let decoder: WordPieceDecoder
  let addedTokens: [AddedToken]

  init(_ definition: TokenizerDefinition, files: TokenizerFiles) {
    wordPiece = definition.wordPiece
    paddingID = definition.paddingID
    classifierID = definition.classifierID
    separatorID = definition.separatorID
    maskToken = definition.maskToken
    modelMaxLength = definition.modelMaxLength
    addedTokens = definition.addedTokens
    decoder = definition.decoder
    self.files = files
    let largestID = max(
      definition.wordPiece.vocabulary.idBound - 1, definition.addedTokens.map(\.id).max() ?? 0)
    vocabularySize = Int(largestID) + 1
    let normalizer = BertNormalizer(options: definition.normalizerOptions)
    self.normalizer = normalizer
    specialTokens = AddedTokenMatcher(
      definition.addedTokens.filter { !$0.isNormalized }
        .map { (Array($0.content.utf8), $0) })
    normalizedTokens = AddedTokenMatcher(
      definition.addedTokens.filter(\.isNormalized).map { token in
        var bytes: [UInt8] = []
        normalizer.normalize(Array(token.content.utf8).span, into: &bytes)
        return (bytes, token)
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

  /// Returns the encoding of a text, `[CLS] text [SEP]`, or of a pair, `[CLS] text [SEP] pair [SEP]`.
  ///
  /// - Parameters:
  ///   - text: Any text; one that is empty has the two special tokens only.
  ///   - pair: A second text, whose tokens and last `[SEP]` have the type id 1.
  ///   - maxLength: The most tokens that the encoding may have, at least
  ///     ``specialTokenCount(pair:)``. What is too long loses its end, of a pair the longer text
  ///     first, as with Hugging Face's `truncation=True`. Nothing is cut if `nil`.
  /// - Returns: The ids with their type ids and attention mask, without padding.
  public func encode(_ text: String, pair: String? = nil, maxLength: Int? = nil) -> Encoding {
    do {
      return try encode(text, pair: pair, options: EncodingOptions(maxLength: maxLength))
    } catch {
      preconditionFailure(error.message)
    }
  }

  /// Returns the encoding of a text or of a pair, without padding.
  ///
  /// - Parameters:
  ///   - text: Any text.
  ///   - pair: A second text, whose tokens and last `[SEP]` have the type id 1.
  ///   - options: What is cut, what is put around the texts, and whether offsets are wanted.
  /// - Returns: The encoding.
  /// - Throws: ``TokenizerError`` with code `invalidArgument` if `maxLength` has no room for the
  ///   special tokens, or if the text that may be cut is too short for that.
  public func encode(
    _ text: String, pair: String? = nil, options: EncodingOptions
  ) throws(TokenizerError) -> Encoding {
    let special = options.addsSpecialTokens ? Self.specialTokenCount(pair: pair != nil) : 0
    let room = options.maxLength.map { $0 - special } ?? Int.max
    guard room >= 0 else {
      throw TokenizerError(
        .invalidArgument,
        "maxLength \(options.maxLength ?? 0) has no room for \(special) special tokens")
    }
    // Nothing behind the limit can matter when only the end of a single text is cut.
    let stopsEarly =
      pair == nil && options.truncation == .longestFirst && options.truncationSide == .right
    var first = tokens(of: text, limit: stopsEarly ? room : .max, offsets: options.offsets)
    var second = pair.map { tokens(of: $0, limit: .max, offsets: options.offsets) }
    let kept = try EncodingTruncation.lengths(
      first.ids.count, second?.ids.count, room: room, options.truncation)
    first.cut(to: kept.first, at: options.truncationSide)
    second?.cut(to: kept.second, at: options.truncationSide)
    return assembled(first, second, options)
  }

  private func assembled(
    _ first: TokenizedText, _ second: TokenizedText?, _ options: EncodingOptions
  ) -> Encoding {
    var ids: [Int32] = []
    var offsets: [Range<Int>] = []
    var addedPlaces: [Int] = []
    ids.reserveCapacity(first.ids.count + (second?.ids.count ?? 0) + 3)
    func add(_ special: Int32) {
      guard options.addsSpecialTokens else { return }
      addedPlaces.append(ids.count)
      ids.append(special)
      if options.offsets { offsets.append(0..<0) }
    }
    add(classifierID)
    ids += first.ids
    offsets += first.offsets
    add(separatorID)
    let firstCount = ids.count
    if let second {
      ids += second.ids
      offsets += second.offsets
      add(separatorID)
    }
    var typeIDs = [Int32](repeating: 0, count: firstCount)
    if second != nil { typeIDs += repeatElement(1, count: ids.count - firstCount) }
    return Encoding(
      ids: ids, typeIDs: typeIDs, attentionMask: Array(repeating: 1, count: ids.count),
      offsets: offsets, addedPlaces: addedPlaces)
  }
}
