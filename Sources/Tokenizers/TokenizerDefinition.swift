/// The parts of a tokenizer, collected from its files and validated.
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

  /// Creates a definition from a vocabulary and the other files.
  ///
  /// - Parameters:
  ///   - source: The origin of the vocabulary, for error messages.
  ///   - vocabulary: The model's tokens.
  ///   - model: The model of `tokenizer.json`, if the vocabulary comes from that file.
  ///   - added: The added tokens of `tokenizer.json`; `nil` to add the special tokens of
  ///     `configuration`, like Hugging Face without that file.
  ///   - decoder: Joins tokens to text.
  ///   - options: How texts are normalized, unless `configuration` overrides it.
  ///   - configuration: The contents of the other files.
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
