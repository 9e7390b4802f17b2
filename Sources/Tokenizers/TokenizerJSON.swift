/// What `tokenizer.json` says, as far as it matters to a BERT tokenizer.
///
/// Without the vocabulary, which ``VocabularyScanner`` reads.
struct TokenizerJSON: Decodable {
  /// A part whose type decides whether this is a BERT tokenizer.
  struct Part: Decodable {
    var type: String
  }

  struct Normalizer: Decodable {
    var type: String
    var cleanText: Bool?
    var handleChineseCharacters: Bool?
    var stripAccents: Bool?
    var lowercase: Bool?

    enum CodingKeys: String, CodingKey {
      case type
      case cleanText = "clean_text"
      case handleChineseCharacters = "handle_chinese_chars"
      case stripAccents = "strip_accents"
      case lowercase
    }
  }

  struct Model: Decodable {
    var unknownToken: String
    var continuingPrefix: String
    var maxScalarsPerWord: Int

    enum CodingKeys: String, CodingKey {
      case unknownToken = "unk_token"
      case continuingPrefix = "continuing_subword_prefix"
      case maxScalarsPerWord = "max_input_chars_per_word"
    }
  }

  struct Added: Decodable {
    var id: Int32?
    var content: String
    var isSingleWord: Bool?
    var isNormalized: Bool?
    var stripsLeft: Bool?
    var stripsRight: Bool?
    var isSpecial: Bool?

    enum CodingKeys: String, CodingKey {
      case id, content
      case isSingleWord = "single_word"
      case isNormalized = "normalized"
      case stripsLeft = "lstrip"
      case stripsRight = "rstrip"
      case isSpecial = "special"
    }
  }

  struct Joiner: Decodable {
    var type: String
    var prefix: String?
    var cleanup: Bool?
  }

  var model: Model
  var normalizer: Normalizer
  var addedTokens: [Added]
  /// `nil` if the file has none: then tokens are joined with spaces.
  var joiner: Joiner?

  enum CodingKeys: String, CodingKey {
    case model, normalizer
    case joiner = "decoder"
    case addedTokens = "added_tokens"
    case preTokenizer = "pre_tokenizer"
    case postProcessor = "post_processor"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    // The parts' types first: a model of another type would fail with a puzzle about its fields.
    // Files of old versions have no type in the model.
    if let type = try? container.decode(Part.self, forKey: .model).type {
      try Self.check("model", type, ["WordPiece"])
    }
    normalizer = try container.decode(Normalizer.self, forKey: .normalizer)
    try Self.check("normalizer", normalizer.type, ["BertNormalizer"])
    try Self.check(
      "pre_tokenizer", container.decode(Part.self, forKey: .preTokenizer).type,
      ["BertPreTokenizer"])
    if let part = try container.decodeIfPresent(Part.self, forKey: .postProcessor) {
      try Self.check("post_processor", part.type, ["TemplateProcessing", "BertProcessing"])
    }
    joiner = try container.decodeIfPresent(Joiner.self, forKey: .joiner)
    if let part = joiner { try Self.check("decoder", part.type, ["WordPiece"]) }
    model = try container.decode(Model.self, forKey: .model)
    addedTokens = try container.decodeIfPresent([Added].self, forKey: .addedTokens) ?? []
  }

  private static func check(_ part: String, _ type: String, _ supported: [String]) throws {
    if supported.contains(type) { return }
    throw TokenizerError(
      .unsupported,
      "tokenizer.json has a \(part) of type \(type), and WordPieceTokenizer reads "
        + "\(supported.joined(separator: " or ")) only: this is no BERT tokenizer")
  }
}
