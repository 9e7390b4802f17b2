extension WordPieceTokenizer {
  /// Loads the tokenizer of a pretrained model, like Hugging Face's `AutoTokenizer`.
  ///
  /// Reads `tokenizer.json`, or `vocab.txt` if it is missing, and, if they exist,
  /// `tokenizer_config.json`, `special_tokens_map.json`, `added_tokens.json` and `config.json`.
  /// What each file decides depends on the tokenizer class that `tokenizer_config.json` or
  /// `config.json` names, as in `transformers` 5:
  ///
  /// - `BertTokenizer` and the like, also if no class is named and the model is a BERT: the
  ///   vocabulary is that of `tokenizer.json`. Lowercasing, accents, Chinese characters and special
  ///   tokens are those of `tokenizer_config.json`, with the defaults of an uncased BERT.
  /// - `PreTrainedTokenizerFast`, `TokenizersBackend` and unknown classes: `tokenizer.json` as it
  ///   is.
  ///
  /// Special tokens that the vocabulary lacks get the ids after it.
  ///
  /// - Parameter folder: The path of the folder.
  /// - Throws: ``TokenizerError``, with the path of the invalid file. Unlike `AutoTokenizer`, it
  ///   rejects a folder without a vocabulary, and a vocabulary without the unknown token.
  public init(contentsOf folder: String) throws(TokenizerError) {
    let files = try TokenizerFiles(contentsOf: folder)
    var tokenizerClass = try TokenizerClass(
      configuration: files.object(.configuration), model: files.modelConfiguration(), files: files)
    let json = try files.decode(TokenizerJSON.self, from: .tokenizer)
    if case .fileWithBertTokens = tokenizerClass, json == nil { tokenizerClass = .bert }
    let hasBertDefaults = if case .file = tokenizerClass { false } else { true }
    let settings = try TokenizerSettings(files, json: json, hasBertDefaults: hasBertDefaults)
    let source = files.path(json == nil ? .vocabulary : .tokenizer)
    let vocabulary =
      json == nil
      ? try Vocabulary(lines: files[.vocabulary] ?? [], path: source)
      : try Vocabulary(json: files[.tokenizer] ?? [], path: source)
    let definition: TokenizerDefinition
    if case .bert = tokenizerClass {
      definition = try TokenizerDefinition(
        source: source, vocabulary: vocabulary, settings: settings)
    } else if let json {
      definition = try TokenizerDefinition(
        tokenizerClass, source: source, vocabulary: vocabulary, json: json, settings: settings)
    } else {
      throw TokenizerError(
        .missingFile,
        "\(folder) has no tokenizer.json, which its tokenizer class needs: add the file, or set "
          + "tokenizer_class to BertTokenizer in tokenizer_config.json")
    }
    self.init(definition, files: files, truncationSide: json?.truncationSide ?? .right)
  }

  /// Creates a tokenizer from a list of tokens.
  ///
  /// The id of a token is its index.
  ///
  /// - Parameters:
  ///   - tokens: The vocabulary. It contains `[PAD]`, `[UNK]`, `[CLS]` and `[SEP]`; tokens that
  ///     continue a word start with `##`.
  ///   - options: How texts are normalized.
  /// - Throws: ``TokenizerError`` if the list is empty, repeats a token, or lacks a special token.
  public init(
    vocabulary tokens: [String], options: BertNormalizerOptions = .init()
  ) throws(TokenizerError) {
    var vocabulary = Vocabulary(minimumCapacity: tokens.count)
    for (id, token) in tokens.enumerated()
    where !vocabulary.insert(Array(token.utf8).span, id: Int32(id)) {
      throw TokenizerError(
        .invalidVocabulary,
        "the token \(token) occurs twice in the vocabulary; the second time at index \(id)")
    }
    for token in ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] where vocabulary.id(of: token) == nil {
      throw TokenizerError(.invalidVocabulary, "the list of tokens has no \(token); BERT needs it")
    }
    self.init(
      try TokenizerDefinition(
        source: "the list of tokens", vocabulary: vocabulary,
        settings: .init(bertTokensIn: vocabulary),
        options: options),
      files: TokenizerFiles(folder: ""))
  }
}
