/// Generates a tokenizer's files in the format and key order of `tokenizers` and `transformers`.
struct TokenizerFileWriter {
  let tokenizer: WordPieceTokenizer

  private var vocabulary: Vocabulary { tokenizer.wordPiece.vocabulary }

  /// `vocab.txt`, or `nil` if the ids have gaps.
  func vocabularyText() -> [UInt8]? {
    guard vocabulary.count == Int(vocabulary.idBound) else { return nil }
    var lines: [UInt8] = []
    for id in 0..<vocabulary.idBound {
      lines += Array((vocabulary[id] ?? "").utf8) + [UInt8(ascii: "\n")]
    }
    return lines
  }

  /// `tokenizer.json`, version 1.0.
  func tokenizerJSON() -> String {
    let classifier = quoted(text(tokenizer.classifierID))
    let separator = quoted(text(tokenizer.separatorID))
    let added = tokenizer.addedTokens.sorted { $0.id < $1.id }.map { token in
      """
          {
            "id": \(token.id),
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
              "id": \(classifier), "ids": [\(tokenizer.classifierID)], "tokens": [\(classifier)]
            },
            \(separator): {
              "id": \(separator), "ids": [\(tokenizer.separatorID)], "tokens": [\(separator)]
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

  /// `tokenizer_config.json`.
  func configurationJSON() -> String {
    let options = tokenizer.normalizerOptions
    var fields = specialTokens
    fields += [
      ("do_lower_case", "\(options.lowercase)"),
      ("strip_accents", options.stripAccents.map(String.init) ?? "null"),
      ("tokenize_chinese_chars", "\(options.handleChineseCharacters)"),
      ("tokenizer_class", "\"BertTokenizer\""),
    ]
    if let length = tokenizer.modelMaxLength { fields.append(("model_max_length", "\(length)")) }
    return object(fields)
  }

  /// `special_tokens_map.json`.
  func specialTokensJSON() -> String { object(specialTokens) }

  private var specialTokens: [(key: String, value: String)] {
    var fields = [
      ("cls_token", quoted(text(tokenizer.classifierID))),
      ("pad_token", quoted(text(tokenizer.paddingID))),
      ("sep_token", quoted(text(tokenizer.separatorID))),
      ("unk_token", quoted(text(tokenizer.unknownID))),
    ]
    if let mask = tokenizer.maskToken { fields.append(("mask_token", quoted(mask))) }
    return fields
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
