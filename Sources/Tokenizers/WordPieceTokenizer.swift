/// BERT's tokenizer.
///
/// Its ids equal those of Hugging Face's `tokenizers` 0.23 for every text.
///
/// Encoding finds special tokens in the text, normalizes the rest, splits it into words and each
/// word into the longest tokens of the vocabulary, and adds `[CLS]` and `[SEP]`. A tokenizer has no
/// mutable state: several threads may use it at the same time.
///
/// ```swift
/// let tokenizer = try WordPieceTokenizer(contentsOf: "MiniLM-L6")
/// let encoding = tokenizer.encode("Not bad at all!", maxLength: 128)
/// ```
public struct WordPieceTokenizer: Sendable {
  /// How texts are normalized.
  public var normalizerOptions: BertNormalizerOptions { normalizer.options }

  /// The id of `[PAD]`, the padding token.
  public let paddingID: Int32

  /// The id of `[UNK]`, which replaces a word that cannot be split into tokens.
  public var unknownID: Int32 { wordPiece.unknownID }

  /// The id of `[CLS]`, the first token of every encoding.
  public let classifierID: Int32

  /// The id of `[SEP]`, which ends each text.
  public let separatorID: Int32

  /// One more than the largest id: the number of rows of a word embedding.
  public let vocabularySize: Int

  /// The maximum input length of the tokenizer's model, if its files contain it.
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

  /// Returns the id of a token, or `nil` if it is not in the vocabulary.
  public func id(of token: String) -> Int32? {
    addedTokens.first { $0.content == token }?.id ?? wordPiece.vocabulary.id(of: token)
  }

  /// Returns the token with an id, or `nil` if there is none.
  public func token(withID id: Int32) -> String? {
    addedTokens.first { $0.id == id }?.content ?? wordPiece.vocabulary[id]
  }

  /// Encodes a text as `[CLS] text [SEP]`, or a pair as `[CLS] text [SEP] pair [SEP]`.
  ///
  /// - Parameters:
  ///   - text: Any text; the encoding of an empty text consists of the two special tokens.
  ///   - pair: A second text, whose tokens and last `[SEP]` have the type id 1.
  ///   - maxLength: The maximum number of tokens, at least ``specialTokenCount(pair:)``; `nil` for
  ///     no truncation. Truncation removes tokens at the end, in a pair from the longer text first,
  ///     like Hugging Face's `truncation=True`.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  /// - Returns: The ids, type ids and attention mask, without padding.
  public func encode(
    _ text: String, pair: String? = nil, maxLength: Int? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Encoding {
    do {
      return try encode(text, pair: pair, options: EncodingOptions(maxLength: maxLength))
    } catch {
      fatalError(error.message, file: file, line: line)
    }
  }

  /// Encodes a text or a pair, without padding.
  ///
  /// - Parameters:
  ///   - text: Any text.
  ///   - pair: A second text, whose tokens and last `[SEP]` have the type id 1.
  ///   - options: Truncation, special tokens and offsets.
  /// - Returns: The encoding.
  /// - Throws: ``TokenizerError`` with code `invalidArgument` if `maxLength` is less than the
  ///   number of special tokens, or if the text to truncate is too short.
  public func encode(
    _ text: String, pair: String? = nil, options: EncodingOptions
  ) throws(TokenizerError) -> Encoding {
    let special = options.addsSpecialTokens ? Self.specialTokenCount(pair: pair != nil) : 0
    let limit = options.maxLength.map { $0 - special } ?? Int.max
    guard limit >= 0 else {
      throw TokenizerError(
        .invalidArgument,
        "maxLength is \(options.maxLength ?? 0), but the encoding has \(special) special tokens: "
          + "use at least \(special)")
    }
    // If only the end of a single text is truncated, tokens after the limit are not needed.
    let stopsEarly =
      pair == nil && options.truncation == .longestFirst && options.truncationSide == .right
    var first = tokens(of: text, limit: stopsEarly ? limit : .max, offsets: options.offsets)
    var second = pair.map { tokens(of: $0, limit: .max, offsets: options.offsets) }
    let lengths = try EncodingTruncation.lengths(
      first.ids.count, second?.ids.count, limit: limit, options.truncation)
    first.truncate(to: lengths.first, at: options.truncationSide)
    second?.truncate(to: lengths.second, at: options.truncationSide)
    return assembled(first, second, options)
  }

  private func assembled(
    _ first: TokenizedText, _ second: TokenizedText?, _ options: EncodingOptions
  ) -> Encoding {
    var ids: [Int32] = []
    var offsets: [Range<Int>] = []
    var specialTokenIndices: [Int] = []
    ids.reserveCapacity(first.ids.count + (second?.ids.count ?? 0) + 3)
    func add(_ special: Int32) {
      guard options.addsSpecialTokens else { return }
      specialTokenIndices.append(ids.count)
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
      offsets: offsets, specialTokenIndices: specialTokenIndices)
  }
}
