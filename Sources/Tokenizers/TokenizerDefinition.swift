/// The parts of a tokenizer, collected from its files and validated.
struct TokenizerDefinition {
  var tokenizerClass: TokenizerClass
  var settings: TokenizerSettings
  var wordPiece: WordPiece
  var normalizer: BertNormalizer
  var added = AddedVocabulary()
  var template: EncodingTemplate
  var decoder: WordPieceDecoder

  /// Creates the definition of a `BertTokenizer`: the vocabulary, BERT's parts, and the settings.
  ///
  /// - Parameters:
  ///   - source: The origin of the vocabulary, for error messages.
  ///   - vocabulary: The model's tokens.
  ///   - settings: The contents of the other files.
  ///   - options: How texts are normalized, unless `settings` overrides it.
  /// - Throws: ``TokenizerError`` with code `invalidVocabulary`.
  init(
    source: String, vocabulary: Vocabulary, settings: TokenizerSettings,
    options: BertNormalizerOptions = .init()
  ) throws(TokenizerError) {
    tokenizerClass = .bert
    self.settings = settings
    // Python's text of a missing token.
    let unknown = settings.text("unk_token") ?? "None"
    wordPiece = WordPiece(
      vocabulary: vocabulary, unknownID: try Self.unknownID(unknown, vocabulary, source),
      continuingPrefix: "##", maxScalarsPerWord: 100)
    var options = options
    if let lowercase = settings.lowercase { options.lowercase = lowercase }
    if let value = settings.handleChineseCharacters { options.handleChineseCharacters = value }
    if let stripAccents = settings.stripAccents { options.stripAccents = stripAccents }
    normalizer = BertNormalizer(options: options)
    added.add(settings.tokens { _ in false }, to: vocabulary, normalizer: normalizer)
    decoder = WordPieceDecoder()
    template = .plain
    template = bertTemplate()
  }

  /// Creates the definition of a tokenizer that `tokenizer.json` describes.
  ///
  /// - Throws: ``TokenizerError`` with code `invalidVocabulary`, `invalidFile` or `unsupported`.
  init(
    _ tokenizerClass: TokenizerClass, source: String, vocabulary: Vocabulary, json: TokenizerJSON,
    settings: TokenizerSettings
  ) throws(TokenizerError) {
    self.tokenizerClass = tokenizerClass
    self.settings = settings
    let pipeline: TokenizerPipeline
    do {
      pipeline = try json.pipeline.get()
    } catch {
      throw TokenizerFiles.damage(error, path: source)
    }
    wordPiece = WordPiece(
      vocabulary: vocabulary,
      unknownID: try Self.unknownID(json.model.unknownToken, vocabulary, source),
      continuingPrefix: json.model.continuingPrefix,
      maxScalarsPerWord: json.model.maxScalarsPerWord)
    normalizer = BertNormalizer(options: pipeline.normalizerOptions)
    decoder = pipeline.decoder
    template = pipeline.template
    added.add(json.addedTokens.map(\.token), to: vocabulary, normalizer: normalizer)
    let known = Set(added.tokens.values.map(\.bytes))
    added.add(settings.tokens { known.contains($0) }, to: vocabulary, normalizer: normalizer)
    if case .fileWithBertTokens = tokenizerClass { template = bertTemplate() }
  }

  /// The id of a named special token; `nil` if the tokenizer has none.
  func id(_ name: String) -> Int32? { settings.text(name).flatMap { id(of: $0) } }

  /// The id of a token.
  func id(of token: String) -> Int32? {
    added.id(of: token) ?? wordPiece.vocabulary.id(of: token)
  }

  /// The template of `BertTokenizer`, which takes the ids 2 and 3 if there are no such tokens.
  private func bertTemplate() -> EncodingTemplate {
    func named(_ name: String, _ missing: Int32) -> Int32 {
      settings.text(name).map { id(of: $0) ?? wordPiece.unknownID } ?? missing
    }
    let separatorID = named("sep_token", 3)
    // Without either, both have the name None in the template, and the second one counts.
    let isMissing = settings.text("cls_token") == nil && settings.text("sep_token") == nil
    return .bert(classifierID: isMissing ? 3 : named("cls_token", 2), separatorID: separatorID)
  }

  /// The id of the unknown token.
  ///
  /// Hugging Face opens a vocabulary without it, and fails at the first word that needs it.
  private static func unknownID(
    _ token: String, _ vocabulary: Vocabulary, _ source: String
  ) throws(TokenizerError) -> Int32 {
    if vocabulary.count == 0 {
      throw TokenizerError(.invalidVocabulary, "the vocabulary of \(source) is empty")
    }
    if let id = vocabulary.id(of: token) { return id }
    throw TokenizerError(
      .invalidVocabulary,
      "the vocabulary of \(source) has no \(token), the token of unknown words: add it, or name "
        + "the right one as unk_token in tokenizer_config.json")
  }
}
