/// The parts of a `tokenizer.json` around its model.
///
/// `BertTokenizer` does not use them; other classes take them as they are.
struct TokenizerPipeline: Decodable {
  var normalizerOptions: BertNormalizerOptions
  var template: EncodingTemplate
  var decoder: WordPieceDecoder

  private struct Normalizer: Decodable {
    var type: String
    var clean_text: Bool?
    var handle_chinese_chars: Bool?
    var strip_accents: Bool?
    var lowercase: Bool?

    var options: BertNormalizerOptions {
      get throws {
        switch type {
        case "BertNormalizer":
          let defaults = BertNormalizerOptions()
          return BertNormalizerOptions(
            cleanText: clean_text ?? defaults.cleanText,
            handleChineseCharacters: handle_chinese_chars ?? defaults.handleChineseCharacters,
            stripAccents: strip_accents, lowercase: lowercase ?? defaults.lowercase)
        case "Lowercase":
          return BertNormalizerOptions(
            cleanText: false, handleChineseCharacters: false, stripAccents: false, lowercase: true)
        default:
          throw TokenizerJSON.unsupported("normalizer", type, ["BertNormalizer", "Lowercase"])
        }
      }
    }
  }

  private struct Part: Decodable { var type: String }

  private struct Decoding: Decodable {
    var type: String
    var prefix: String?
    var cleanup: Bool?
  }

  private enum Key: String, CodingKey {
    case normalizer, decoder
    case preTokenizer = "pre_tokenizer"
    case postProcessor = "post_processor"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    normalizerOptions =
      try container.decodeIfPresent(Normalizer.self, forKey: .normalizer)?.options
      ?? BertNormalizerOptions(
        cleanText: false, handleChineseCharacters: false, stripAccents: false, lowercase: false)
    let preTokenizer = try container.decodeIfPresent(Part.self, forKey: .preTokenizer)?.type
    guard preTokenizer == "BertPreTokenizer" else {
      throw TokenizerJSON.unsupported("pre_tokenizer", preTokenizer ?? "null", ["BertPreTokenizer"])
    }
    template =
      try container.decodeIfPresent(PostProcessorJSON.self, forKey: .postProcessor)?.template
      ?? .plain
    if let part = try container.decodeIfPresent(Decoding.self, forKey: .decoder) {
      guard part.type == "WordPiece" else {
        throw TokenizerJSON.unsupported("decoder", part.type, ["WordPiece"])
      }
      self.decoder = WordPieceDecoder(prefix: part.prefix ?? "##", cleansUp: part.cleanup ?? true)
    } else {
      self.decoder = WordPieceDecoder(prefix: nil, cleansUp: false)
    }
  }
}
