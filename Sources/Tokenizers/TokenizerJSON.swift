/// The parts of `tokenizer.json` that a BERT tokenizer uses, except for the vocabulary, which
/// ``JSONScanner`` reads.
struct TokenizerJSON: Decodable {
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

    var token: AddedToken {
      var token = AddedToken(special: content)
      token.isSpecial = isSpecial ?? false
      token.isNormalized = isNormalized ?? !token.isSpecial
      token.isSingleWord = isSingleWord ?? false
      token.stripsLeft = stripsLeft ?? false
      token.stripsRight = stripsRight ?? false
      return token
    }
  }

  /// The padding that the tokenizer was saved with.
  struct Padding: Decodable {
    var token: String

    private enum CodingKeys: String, CodingKey { case token = "pad_token" }
  }

  /// The truncation that the tokenizer was saved with.
  private struct Truncation: Decodable { var direction: String? }

  var model: Model
  var addedTokens: [Added]
  var padding: Padding?
  var truncationSide: EncodingOptions.Side?
  /// The other parts, or the error if they are not supported.
  var pipeline: Result<TokenizerPipeline, any Error>

  private enum Key: String, CodingKey {
    case model, padding, truncation
    case addedTokens = "added_tokens"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    // Checks the type before the fields, so that another kind of model is reported as such and not
    // as a missing field. Old files have no model type.
    struct Part: Decodable { var type: String? }
    if let type = try container.decode(Part.self, forKey: .model).type, type != "WordPiece" {
      throw Self.unsupported("model", type, ["WordPiece"])
    }
    model = try container.decode(Model.self, forKey: .model)
    addedTokens = try container.decodeIfPresent([Added].self, forKey: .addedTokens) ?? []
    padding = try container.decodeIfPresent(Padding.self, forKey: .padding)
    truncationSide = try container.decodeIfPresent(Truncation.self, forKey: .truncation)
      .flatMap { $0.direction == "Left" ? .left : .right }
    pipeline = Result { try TokenizerPipeline(from: decoder) }
  }

  /// The error for a part of a type that this module lacks.
  static func unsupported(_ part: String, _ type: String, _ supported: [String]) -> TokenizerError {
    TokenizerError(
      .unsupported,
      "tokenizer.json has a \(part) of type \(type), but WordPieceTokenizer supports only "
        + "\(supported.joined(separator: " or ")): pass the folder of a BERT tokenizer")
  }
}
