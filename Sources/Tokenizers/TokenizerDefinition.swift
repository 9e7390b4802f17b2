/// All that makes a tokenizer, gathered from its files and checked.
struct TokenizerDefinition {
  var wordPiece: WordPiece
  var normalizerOptions: BertNormalizerOptions
  var addedTokens: [AddedToken]
  var paddingID: Int32
  var classifierID: Int32
  var separatorID: Int32
  var maskToken: String?
  var modelMaxLength: Int?
  var decoder: WordPieceDecoder

  /// Gathers a definition from a vocabulary and what the other files say.
  ///
  /// - Parameters:
  ///   - source: Where the vocabulary comes from, for messages.
  ///   - vocabulary: The model's tokens.
  ///   - model: The model of `tokenizer.json`, if that is where the vocabulary comes from.
  ///   - added: The added tokens of `tokenizer.json`; `nil` makes the special tokens of
  ///     `configuration` be added tokens, as Hugging Face does without that file.
  ///   - decoder: How tokens become a text again.
  ///   - options: How texts are cleaned, unless `configuration` says otherwise.
  ///   - configuration: What the small files say.
  /// - Throws: ``TokenizerError`` with code `invalidVocabulary`.
  init(
    source: String, vocabulary: Vocabulary, model: TokenizerJSON.Model? = nil,
    added: [TokenizerJSON.Added]? = nil, decoder: WordPieceDecoder = .init(),
    options: BertNormalizerOptions,
    configuration: TokenizerConfiguration
  ) throws(TokenizerError) {
    let unknown = model?.unknownToken ?? configuration.unknownToken ?? "[UNK]"
    let classifier = configuration.classifierToken ?? "[CLS]"
    let separator = configuration.separatorToken ?? "[SEP]"
    let padding = configuration.paddingToken ?? "[PAD]"
    let mask = configuration.maskToken ?? "[MASK]"
    if vocabulary.count == 0 {
      throw TokenizerError(.invalidVocabulary, "the vocabulary of \(source) is empty")
    }

    var tokens: [AddedToken] = []
    let special = [padding, unknown, classifier, separator, mask].map { content in
      TokenizerJSON.Added(id: vocabulary.id(of: content), content: content, isSpecial: true)
    }
    for token in (added ?? special) + configuration.addedTokens {
      guard let id = token.id, !tokens.contains(where: { $0.content == token.content }) else {
        continue
      }
      tokens.append(
        AddedToken(
          content: token.content, id: id, isSingleWord: token.isSingleWord ?? false,
          isNormalized: token.isNormalized ?? false, stripsLeft: token.stripsLeft ?? false,
          stripsRight: token.stripsRight ?? false, isSpecial: token.isSpecial ?? false))
    }
    addedTokens = tokens

    func id(_ token: String) throws(TokenizerError) -> Int32 {
      if let id = vocabulary.id(of: token) ?? tokens.first(where: { $0.content == token })?.id {
        return id
      }
      throw TokenizerError(
        .invalidVocabulary,
        "the vocabulary of \(source) has no \(token); BERT needs "
          + "\(unknown), \(classifier), \(separator) and \(padding)")
    }
    paddingID = try id(padding)
    classifierID = try id(classifier)
    separatorID = try id(separator)
    wordPiece = WordPiece(
      vocabulary: vocabulary, unknownID: try id(unknown),
      continuingPrefix: model?.continuingPrefix ?? "##",
      maxScalarsPerWord: model?.maxScalarsPerWord ?? 100)
    maskToken = vocabulary.id(of: mask) == nil ? nil : mask
    normalizerOptions = options
    configuration.apply(to: &normalizerOptions)
    modelMaxLength = configuration.modelMaxLength
    self.decoder = decoder
  }
}
