import FoundationEssentials
import Support

extension WordPieceTokenizer {
  /// Saves the tokenizer so that Hugging Face's `AutoTokenizer` loads it from the same folder.
  ///
  /// The files are `vocab.txt`, `tokenizer.json`, `tokenizer_config.json` and
  /// `special_tokens_map.json`. Those that the tokenizer was loaded from are copied byte for byte;
  /// the others are generated. `vocab.txt` is not written if ids have gaps, because that format
  /// cannot express gaps.
  ///
  /// - Parameter folder: The path of the folder; created if it is missing.
  /// - Throws: ``TokenizerError`` with code `inputOutput`. Each file is replaced atomically, so a
  ///   failed save leaves no partial file.
  public func save(to folder: String) throws(TokenizerError) {
    do throws(SystemError) {
      let target = try OutputFolder(folder)
      for name in TokenizerFiles.Name.allCases {
        guard let bytes = files[name] ?? generated(name) else { continue }
        try target.write(Data(bytes), to: name.rawValue)
      }
    } catch {
      throw TokenizerError(.inputOutput, error.message, cause: error)
    }
  }

  private func generated(_ name: TokenizerFiles.Name) -> [UInt8]? {
    let writer = TokenizerFileWriter(tokenizer: self)
    switch name {
    case .vocabulary: return writer.vocabularyText()
    case .tokenizer: return Array(writer.tokenizerJSON().utf8)
    case .configuration: return Array(writer.configurationJSON().utf8)
    case .specialTokens: return Array(writer.specialTokensJSON().utf8)
    }
  }
}
