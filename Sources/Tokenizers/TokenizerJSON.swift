/// The parts of `tokenizer.json` that a BERT tokenizer uses, except for the vocabulary, which
/// ``VocabularyScanner`` reads.
struct TokenizerJSON: Decodable {
  /// A component whose type decides whether the file describes a BERT tokenizer.
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

  struct DecoderOptions: Decodable {
    var type: String
    var prefix: String?
    var cleanup: Bool?
  }

  var model: Model
  var normalizer: Normalizer
  var addedTokens: [Added]
  /// `nil` if the file has no decoder; tokens are then joined with spaces.
  var decoderOptions: DecoderOptions?

  enum CodingKeys: String, CodingKey {
    case model, normalizer
    case decoderOptions = "decoder"
    case addedTokens = "added_tokens"
    case preTokenizer = "pre_tokenizer"
    case postProcessor = "post_processor"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    // Checks the types before the fields, so that another kind of model is reported as such and not
    // as a missing field. Old files have no model type.
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
    decoderOptions = try container.decodeIfPresent(DecoderOptions.self, forKey: .decoderOptions)
    if let part = decoderOptions { try Self.check("decoder", part.type, ["WordPiece"]) }
    model = try container.decode(Model.self, forKey: .model)
    addedTokens = try container.decodeIfPresent([Added].self, forKey: .addedTokens) ?? []
  }

  private static func check(_ part: String, _ type: String, _ supported: [String]) throws {
    if supported.contains(type) { return }
    throw TokenizerError(
      .unsupported,
      "tokenizer.json has a \(part) of type \(type), but WordPieceTokenizer supports only "
        + "\(supported.joined(separator: " or ")): pass the folder of a BERT tokenizer")
  }
}
