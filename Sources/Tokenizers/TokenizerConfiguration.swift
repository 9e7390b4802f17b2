/// The contents of `tokenizer_config.json` and `special_tokens_map.json` of a BERT tokenizer.
struct TokenizerConfiguration: Decodable {
  /// The text of a special token, given as a string or as an object with its `content`.
  struct Token: Decodable {
    var content: String

    init(from decoder: any Decoder) throws {
      if let content = try? decoder.singleValueContainer().decode(String.self) {
        self.content = content
      } else {
        content = try decoder.container(keyedBy: CodingKeys.self).decode(
          String.self, forKey: .content)
      }
    }

    private enum CodingKeys: CodingKey { case content }
  }

  var unknownToken: String?
  var separatorToken: String?
  var paddingToken: String?
  var classifierToken: String?
  var maskToken: String?
  var modelMaxLength: Int?
  var addedTokens: [TokenizerJSON.Added] = []
  private var lowercase: Bool?
  private var handleChineseCharacters: Bool?
  /// The outer `nil` means that the key is absent.
  private var stripAccents: Bool??

  private enum CodingKeys: String, CodingKey {
    case unknownToken = "unk_token"
    case separatorToken = "sep_token"
    case paddingToken = "pad_token"
    case classifierToken = "cls_token"
    case maskToken = "mask_token"
    case modelMaxLength = "model_max_length"
    case addedTokens = "added_tokens_decoder"
    case lowercase = "do_lower_case"
    case handleChineseCharacters = "tokenize_chinese_chars"
    case stripAccents = "strip_accents"
    case tokenizerClass = "tokenizer_class"
  }

  /// Creates an empty configuration.
  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func token(_ key: CodingKeys) throws -> String? {
      try container.decodeIfPresent(Token.self, forKey: key)?.content
    }
    unknownToken = try token(.unknownToken)
    separatorToken = try token(.separatorToken)
    paddingToken = try token(.paddingToken)
    classifierToken = try token(.classifierToken)
    maskToken = try token(.maskToken)
    // Hugging Face writes 1e30 for "no limit".
    modelMaxLength = try container.decodeIfPresent(Double.self, forKey: .modelMaxLength)
      .flatMap(Int.init(exactly:))
    let added = try container.decodeIfPresent(
      [String: TokenizerJSON.Added].self, forKey: .addedTokens)
    addedTokens = (added ?? [:]).map { key, token in
      var token = token
      token.id = Int32(key)
      return token
    }
    // These classes use the normalizer of tokenizer.json unchanged; BertTokenizer builds its own.
    let tokenizerClass = try container.decodeIfPresent(String.self, forKey: .tokenizerClass)
    if let tokenizerClass,
      ["PreTrainedTokenizerFast", "TokenizersBackend"].contains(tokenizerClass)
    {
      return
    }
    lowercase = try container.decodeIfPresent(Bool.self, forKey: .lowercase)
    handleChineseCharacters = try container.decodeIfPresent(
      Bool.self, forKey: .handleChineseCharacters)
    if container.contains(.stripAccents) {
      stripAccents = .some(try container.decodeIfPresent(Bool.self, forKey: .stripAccents))
    }
  }

  /// Overrides the options that this configuration sets, like Hugging Face's `BertTokenizer`.
  func apply(to options: inout BertNormalizerOptions) {
    if let lowercase { options.lowercase = lowercase }
    if let handleChineseCharacters { options.handleChineseCharacters = handleChineseCharacters }
    if let stripAccents { options.stripAccents = stripAccents }
  }

  /// Returns this configuration with missing special tokens taken from another.
  func merged(with other: TokenizerConfiguration) -> TokenizerConfiguration {
    var result = self
    result.unknownToken = unknownToken ?? other.unknownToken
    result.separatorToken = separatorToken ?? other.separatorToken
    result.paddingToken = paddingToken ?? other.paddingToken
    result.classifierToken = classifierToken ?? other.classifierToken
    result.maskToken = maskToken ?? other.maskToken
    return result
  }
}
