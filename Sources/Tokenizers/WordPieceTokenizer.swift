/// BERT's tokenizer.
///
/// Its ids equal those of Hugging Face's `AutoTokenizer` (`transformers` 5.23, `tokenizers` 0.23)
/// for every text and every combination of a folder's files.
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

  /// The id of `[PAD]`, the padding token; 0 if the tokenizer has none.
  public let paddingID: Int32

  /// The id of `[UNK]`, which replaces a word that cannot be split into tokens.
  public var unknownID: Int32 { wordPiece.unknownID }

  /// The id of `[CLS]`, the first token of every encoding; `nil` if the tokenizer has none.
  public let classifierID: Int32?

  /// The id of `[SEP]`, which ends each text; `nil` if the tokenizer has none.
  public let separatorID: Int32?

  /// One more than the largest id: the number of rows of a word embedding.
  public let vocabularySize: Int

  /// The maximum input length of the tokenizer's model, if its files contain it.
  public let modelMaxLength: Int?

  /// The side at which ``encode(_:pair:maxLength:file:line:)`` truncates, from the tokenizer's
  /// files.
  public let truncationSide: EncodingOptions.Side

  /// The paths of the files that the tokenizer was loaded from, sorted.
  ///
  /// All of them decide the ids, so they belong to the key of a cache of token ids.
  public var sourcePaths: [String] { files.paths }

  let wordPiece: WordPiece
  let files: TokenizerFiles
  let tokenizerClass: TokenizerClass
  let settings: TokenizerSettings
  let normalizer: BertNormalizer
  let specialTokens: AddedTokenMatcher
  let normalizedTokens: AddedTokenMatcher
  let decoder: WordPieceDecoder
  let added: AddedVocabulary
  let template: EncodingTemplate

  init(
    _ definition: TokenizerDefinition, files: TokenizerFiles,
    truncationSide: EncodingOptions.Side = .right
  ) {
    wordPiece = definition.wordPiece
    let settings = definition.settings
    paddingID = definition.id("pad_token") ?? definition.id(of: "[PAD]") ?? 0
    classifierID = definition.id("cls_token") ?? definition.id(of: "[CLS]")
    separatorID = definition.id("sep_token") ?? definition.id(of: "[SEP]")
    self.settings = settings
    self.truncationSide = settings.truncationSide ?? truncationSide
    modelMaxLength = settings.modelMaxLength
    tokenizerClass = definition.tokenizerClass
    added = definition.added
    template = definition.template
    decoder = definition.decoder
    self.files = files
    let largestID = max(
      definition.wordPiece.vocabulary.idBound - 1, definition.added.tokens.keys.max() ?? 0)
    vocabularySize = Int(largestID) + 1
    normalizer = definition.normalizer
    var patterns: [AddedTokenMatcher.Pattern] = []
    var normalizedPatterns: [AddedTokenMatcher.Pattern] = []
    for (id, token) in definition.added.tokens {
      var pattern = AddedTokenMatcher.Pattern(
        bytes: token.bytes, id: id, token: token,
        isIgnored: settings.splitsSpecialTokens && definition.added.isSpecial(token.bytes))
      if token.isNormalized {
        pattern.bytes = definition.added.normalizedTexts[id] ?? token.bytes
        normalizedPatterns.append(pattern)
      } else {
        patterns.append(pattern)
      }
    }
    specialTokens = AddedTokenMatcher(patterns)
    normalizedTokens = AddedTokenMatcher(normalizedPatterns)
  }

  /// The number of special tokens in an encoding of BERT: 2 for one text, 3 for a pair.
  public static func specialTokenCount(pair: Bool) -> Int { pair ? 3 : 2 }

  /// The number of special tokens in an encoding of a text or a pair.
  public func specialTokenCount(pair: Bool) -> Int { template.specialTokenCount(pair: pair) }

  /// Returns the id of a token, or `nil` if it is not in the vocabulary.
  public func id(of token: String) -> Int32? {
    added.id(of: token) ?? wordPiece.vocabulary.id(of: token)
  }

  /// Returns the token with an id, or `nil` if there is none.
  public func token(withID id: Int32) -> String? {
    added.tokens[id]?.content ?? wordPiece.vocabulary[id]
  }

  /// Encodes a text as `[CLS] text [SEP]`, or a pair as `[CLS] text [SEP] pair [SEP]`.
  ///
  /// - Parameters:
  ///   - text: Any text; the encoding of an empty text consists of the two special tokens.
  ///   - pair: A second text, whose tokens and last `[SEP]` have the type id 1.
  ///   - maxLength: The maximum number of tokens, at least ``specialTokenCount(pair:)-method``, or
  ///     `nil` for no truncation. Truncation removes tokens at ``truncationSide``, in a pair from
  ///     the longer text first, like Hugging Face's `truncation=True`.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  /// - Returns: The ids, type ids and attention mask, without padding.
  public func encode(
    _ text: String, pair: String? = nil, maxLength: Int? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Encoding {
    do {
      let options = EncodingOptions(maxLength: maxLength, truncationSide: truncationSide)
      return try encode(text, pair: pair, options: options)
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
    let special = options.addsSpecialTokens ? specialTokenCount(pair: pair != nil) : 0
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
    var typeIDs: [Int32] = []
    var offsets: [Range<Int>] = []
    var specialTokenIndices: [Int] = []
    ids.reserveCapacity(first.ids.count + (second?.ids.count ?? 0) + 3)
    typeIDs.reserveCapacity(ids.capacity)
    for piece in second == nil ? template.single : template.pair {
      switch piece {
      case .text(let isSecond, let typeID):
        guard let text = isSecond ? second : first else { continue }
        ids += text.ids
        offsets += text.offsets
        typeIDs += repeatElement(typeID, count: text.ids.count)
      case .special(let special, let typeID):
        guard options.addsSpecialTokens else { continue }
        specialTokenIndices += ids.count..<ids.count + special.count
        ids += special
        typeIDs += repeatElement(typeID, count: special.count)
        if options.offsets { offsets += repeatElement(0..<0, count: special.count) }
      }
    }
    return Encoding(
      ids: ids, typeIDs: typeIDs, attentionMask: Array(repeating: 1, count: ids.count),
      offsets: offsets, specialTokenIndices: specialTokenIndices)
  }
}
