extension WordPieceTokenizer {
  /// Loads the tokenizer of a pretrained model.
  ///
  /// Reads `tokenizer.json`, or `vocab.txt` if it is missing, and `tokenizer_config.json` and
  /// `special_tokens_map.json` if they exist. For lowercasing, accents and Chinese characters,
  /// `tokenizer_config.json` overrides `tokenizer.json`, as in `transformers` 5.
  ///
  /// - Parameter folder: The path of the folder.
  /// - Throws: ``TokenizerError``, with the path of the invalid file.
  public init(contentsOf folder: String) throws(TokenizerError) {
    let files = try TokenizerFiles(contentsOf: folder)
    let map = try files.decode(TokenizerConfiguration.self, from: .specialTokens)
    let configuration =
      (try files.decode(TokenizerConfiguration.self, from: .configuration) ?? .init())
      .merged(with: map ?? .init())
    if let json = try files.decode(TokenizerJSON.self, from: .tokenizer) {
      let path = files.path(.tokenizer)
      let defaults = BertNormalizerOptions()
      let options = BertNormalizerOptions(
        cleanText: json.normalizer.cleanText ?? defaults.cleanText,
        handleChineseCharacters: json.normalizer.handleChineseCharacters
          ?? defaults.handleChineseCharacters,
        stripAccents: json.normalizer.stripAccents,
        lowercase: json.normalizer.lowercase ?? defaults.lowercase)
      self.init(
        try TokenizerDefinition(
          source: path, vocabulary: Vocabulary(json: files[.tokenizer] ?? [], path: path),
          model: json.model, added: json.addedTokens,
          decoder: WordPieceDecoder(
            prefix: json.decoderOptions?.prefix ?? (json.decoderOptions == nil ? nil : "##"),
            cleansUp: json.decoderOptions.map { $0.cleanup ?? true } ?? false),
          options: options, configuration: configuration),
        files: files)
    } else {
      let path = files.path(.vocabulary)
      let vocabulary = try Vocabulary(lines: files[.vocabulary] ?? [], path: path)
      self.init(
        try TokenizerDefinition(
          source: path, vocabulary: vocabulary, options: .init(), configuration: configuration),
        files: files)
    }
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
    self.init(
      try TokenizerDefinition(
        source: "the list of tokens", vocabulary: vocabulary, options: options,
        configuration: .init()),
      files: TokenizerFiles(folder: ""))
  }
}
