import FoundationEssentials
import Support

extension WordPieceTokenizer {
  /// Saves the tokenizer so that Hugging Face's `AutoTokenizer` loads it from the same folder.
  ///
  /// The files are `vocab.txt`, `tokenizer.json`, `tokenizer_config.json`,
  /// `special_tokens_map.json`, and `added_tokens.json` if the tokenizer was loaded from one. Files
  /// that the tokenizer was loaded from are copied byte for byte, except that
  /// `tokenizer_config.json` gets a `tokenizer_class` if it has none; the others are generated, so
  /// that the saved tokenizer gives the same ids. `vocab.txt` is not written if ids have gaps,
  /// because that format cannot express gaps, and `tokenizer.json` is not if several tokens have
  /// one id.
  ///
  /// - Parameter folder: The path of the folder; created if it is missing.
  /// - Throws: ``TokenizerError`` with code `inputOutput`. Each file is replaced atomically, so a
  ///   failed save leaves no partial file.
  public func save(to folder: String) throws(TokenizerError) {
    do throws(SystemError) {
      let target = try OutputFolder(folder)
      for name in TokenizerFiles.Name.allCases {
        guard let bytes = contents(name) else { continue }
        try target.write(Data(bytes), to: files.fileName(name))
      }
    } catch {
      throw TokenizerError(.inputOutput, error.message, cause: error)
    }
  }

  private func contents(_ name: TokenizerFiles.Name) -> [UInt8]? {
    let writer = TokenizerFileWriter(tokenizer: self)
    // A generated tokenizer.json contains the added tokens, with their ids.
    let generatesTokenizer =
      files[.tokenizer] == nil && added.isDistinct(from: wordPiece.vocabulary)
    switch (name, files[name]) {
    case (.configuration, let bytes?): return writer.withTokenizerClass(bytes)
    case (.addedTokens, let bytes): return generatesTokenizer ? nil : bytes
    case (_, let bytes?): return bytes
    case (.vocabulary, nil): return writer.vocabularyText()
    case (.tokenizer, nil):
      return generatesTokenizer ? Array(writer.tokenizerJSON().utf8) : nil
    // Beside added_tokens.json, the list of special tokens changes how those tokens are matched.
    case (.configuration, nil):
      return Array(writer.configurationJSON(hasTokens: files[.addedTokens] == nil).utf8)
    case (.specialTokens, nil):
      return files[.addedTokens] == nil ? Array(writer.specialTokensJSON().utf8) : nil
    }
  }
}
