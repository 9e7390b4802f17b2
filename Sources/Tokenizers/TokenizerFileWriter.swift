/// Generates a tokenizer's files in the format and key order of `tokenizers` and `transformers`.
struct TokenizerFileWriter {
  let tokenizer: WordPieceTokenizer

  private var vocabulary: Vocabulary { tokenizer.wordPiece.vocabulary }

  /// `vocab.txt`, or `nil` if the ids have gaps.
  func vocabularyText() -> [UInt8]? {
    guard vocabulary.isDense else { return nil }
    var lines: [UInt8] = []
    for id in 0..<vocabulary.idBound {
      lines += Array((vocabulary[id] ?? "").utf8) + [UInt8(ascii: "\n")]
    }
    return lines
  }

  /// `tokenizer.json`, version 1.0, of a `BertTokenizer`.
  func tokenizerJSON() -> String {
    let special = tokenizer.template.specialIDs
    let classifierID = special.first ?? 0
    let separatorID = special.last ?? 0
    let classifier = quoted(text(classifierID))
    let separator = quoted(text(separatorID))
    let added = tokenizer.added.tokens.sorted { $0.key < $1.key }.map { id, token in
      """
          {
            "id": \(id),
            "content": \(quoted(token.content)),
            "single_word": \(token.isSingleWord),
            "lstrip": \(token.stripsLeft),
            "rstrip": \(token.stripsRight),
            "normalized": \(token.isNormalized),
            "special": \(token.isSpecial)
          }
      """
    }
    let entries = (0..<vocabulary.idBound).compactMap { id in
      vocabulary[id].map { "      \(quoted($0)): \(id)" }
    }
    let options = tokenizer.normalizerOptions
    return """
      {
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": [
      \(added.joined(separator: ",\n"))
        ],
        "normalizer": {
          "type": "BertNormalizer",
          "clean_text": \(options.cleanText),
          "handle_chinese_chars": \(options.handleChineseCharacters),
          "strip_accents": \(options.stripAccents.map(String.init) ?? "null"),
          "lowercase": \(options.lowercase)
        },
        "pre_tokenizer": {
          "type": "BertPreTokenizer"
        },
        "post_processor": {
          "type": "TemplateProcessing",
          "single": [
            { "SpecialToken": { "id": \(classifier), "type_id": 0 } },
            { "Sequence": { "id": "A", "type_id": 0 } },
            { "SpecialToken": { "id": \(separator), "type_id": 0 } }
          ],
          "pair": [
            { "SpecialToken": { "id": \(classifier), "type_id": 0 } },
            { "Sequence": { "id": "A", "type_id": 0 } },
            { "SpecialToken": { "id": \(separator), "type_id": 0 } },
            { "Sequence": { "id": "B", "type_id": 1 } },
            { "SpecialToken": { "id": \(separator), "type_id": 1 } }
          ],
          "special_tokens": {
            \(classifier): {
              "id": \(classifier), "ids": [\(classifierID)], "tokens": [\(classifier)]
            },
            \(separator): {
              "id": \(separator), "ids": [\(separatorID)], "tokens": [\(separator)]
            }
          }
        },
        "decoder": {
          "type": "WordPiece",
          "prefix": "##",
          "cleanup": true
        },
        "model": {
          "type": "WordPiece",
          "unk_token": \(quoted(text(tokenizer.unknownID))),
          "continuing_subword_prefix": "##",
          "max_input_chars_per_word": 100,
          "vocab": {
      \(entries.joined(separator: ",\n"))
          }
        }
      }

      """
  }

  /// `tokenizer_config.json`, with the special tokens if `hasTokens` is set.
  func configurationJSON(hasTokens: Bool) -> String {
    var fields = hasTokens ? specialTokens : []
    fields.append(("tokenizer_class", quoted(className)))
    if case .bert = tokenizer.tokenizerClass {
      let options = tokenizer.normalizerOptions
      fields += [
        ("do_lower_case", "\(options.lowercase)"),
        ("strip_accents", options.stripAccents.map(String.init) ?? "null"),
        ("tokenize_chinese_chars", "\(options.handleChineseCharacters)"),
      ]
    }
    if let length = tokenizer.modelMaxLength { fields.append(("model_max_length", "\(length)")) }
    return object(fields)
  }

  /// `special_tokens_map.json`.
  func specialTokensJSON() -> String { object(specialTokens) }

  /// Returns a `tokenizer_config.json` with the key `tokenizer_class`.
  ///
  /// Without the key, the class depends on the `config.json` in the same folder.
  func withTokenizerClass(_ configuration: [UInt8]) -> [UInt8] {
    var scanner = JSONScanner(configuration)
    guard case .object(let object) = scanner.value(),
      object["tokenizer_class"]?.text?.isEmpty ?? true,
      let brace = configuration.lastIndex(of: UInt8(ascii: "}"))
    else { return configuration }
    // At the end, because the last of equal keys counts.
    let field = "\(object.isEmpty ? "" : ",")\n  \"tokenizer_class\": \(quoted(className))\n"
    return configuration[..<brace] + Array(field.utf8) + configuration[brace...]
  }

  private var className: String {
    switch tokenizer.tokenizerClass {
    case .bert: "BertTokenizer"
    case .file: "PreTrainedTokenizerFast"
    case .fileWithBertTokens: "ConvBertTokenizer"
    }
  }

  private var specialTokens: [(key: String, value: String)] {
    TokenizerSettings.names.compactMap { name in
      tokenizer.settings.text(name).map { (name, quoted($0)) }
    }
  }

  private func text(_ id: Int32) -> String { tokenizer.token(withID: id) ?? "" }

  private func object(_ fields: [(key: String, value: String)]) -> String {
    let lines = fields.sorted { $0.key < $1.key }.map { "  \"\($0.key)\": \($0.value)" }
    return "{\n\(lines.joined(separator: ",\n"))\n}\n"
  }

  /// Quotes a string for JSON (RFC 8259, section 7).
  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
