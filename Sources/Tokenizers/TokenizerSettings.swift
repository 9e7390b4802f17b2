/// The settings of a tokenizer besides its vocabulary and `tokenizer.json`.
///
/// They are merged from `tokenizer_config.json`, `special_tokens_map.json` and `added_tokens.json`
/// in the way of `transformers` 5.23: if `tokenizer_config.json` has the key
/// `added_tokens_decoder`, the other two files do not count. Otherwise they win.
struct TokenizerSettings {
  /// The named special tokens of all models, in the order in which they get ids.
  static let names = [
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
  ]

  /// A special token: its text, or all its properties.
  enum Token {
    case text(String)
    case token(AddedToken)

    var content: String {
      switch self {
      case .text(let text): text
      case .token(let token): token.content
      }
    }
  }

  /// The named special tokens in the order in which they get ids; `nil` for null.
  private(set) var named: [(name: String, token: Token?)] = names.map { ($0, nil) }
  /// The special tokens without a name.
  private(set) var extra: [Token] = []
  /// The tokens that the files add, in the order of the ids in the files.
  private(set) var added: [AddedToken] = []
  /// The options of the normalizer that the files set.
  private(set) var lowercase: Bool?
  private(set) var handleChineseCharacters: Bool?
  private(set) var stripAccents: Bool?
  /// Whether special tokens in a text are split like other text.
  private(set) var splitsSpecialTokens = false
  private(set) var truncationSide: EncodingOptions.Side?
  private(set) var modelMaxLength: Int?

  /// Creates the settings of a tokenizer without files: those of BERT's special tokens that the
  /// vocabulary contains.
  init(bertTokensIn vocabulary: Vocabulary) {
    setDefaults(Self.bertTokens.filter { vocabulary.id(of: $0.text) != nil })
  }

  /// Reads the settings of a folder.
  ///
  /// - Parameters:
  ///   - files: The files of the folder.
  ///   - json: The contents of its `tokenizer.json`, if there is one.
  ///   - hasBertDefaults: Whether special tokens that no file names are BERT's.
  /// - Throws: ``TokenizerError`` with code `invalidFile` if a value has the wrong type.
  init(
    _ files: TokenizerFiles, json: TokenizerJSON?, hasBertDefaults: Bool
  ) throws(TokenizerError) {
    let reader = SettingsReader(files: files)
    let merged = try reader.merged(json: json)
    added = merged.added
    if hasBertDefaults { setDefaults(Self.bertTokens.filter { merged.values[$0.name] == nil }) }
    if let padding = json?.padding, merged.values["pad_token"] == nil, !hasBertDefaults {
      set("pad_token", .text(padding.token))
    }
    // Of `special_tokens_map.json` and other keys ending in _token, then of `extra_special_tokens`.
    for key in merged.values.keys where key.hasSuffix("_token") {
      guard let value = merged.values[key], !value.isNull else { continue }
      if let token = try reader.token(value, key: key, isNamed: Self.names.contains(key)) {
        set(key, token)
      }
    }
    for (key, value) in merged.modelTokens {
      if let token = try reader.token(value, key: key, isNamed: true) { set(key, token) }
    }
    extra = try merged.extra.map { value throws(TokenizerError) in
      try reader.extraToken(value)
    }
    func flag(_ key: String) throws(TokenizerError) -> Bool? {
      try reader.flag(merged.values[key], key: key)
    }
    if hasBertDefaults {
      lowercase = try flag("do_lower_case")
      handleChineseCharacters = try flag("tokenize_chinese_chars")
      stripAccents =
        merged.values["strip_accents"]?.isNull == true ? nil : try flag("strip_accents")
    }
    splitsSpecialTokens = try flag("split_special_tokens") ?? false
    truncationSide = try reader.side(merged.values["truncation_side"], key: "truncation_side")
    modelMaxLength = Self.length(merged.values["model_max_length"] ?? merged.values["max_len"])
  }

  /// The text of a named special token; `nil` if it is null or no file names it.
  func text(_ name: String) -> String? {
    named.first { $0.name == name }?.token?.content
  }

  /// Returns all tokens to add, in the order in which they get ids.
  ///
  /// - Parameter known: Whether the tokenizer has an added token with this text already.
  /// - Returns: The tokens; those of the files first.
  func tokens(unless known: ([UInt8]) -> Bool) -> [AddedToken] {
    let listed = Set(added.map(\.bytes))
    let names = Set(named.compactMap { $0.token.map { Array($0.content.utf8) } })
    var specials: [AddedToken] = []
    for special in named.compactMap(\.token) + extra {
      let token: AddedToken
      switch special {
      case .text(let text): token = AddedToken(special: text)
      case .token(let given): token = given
      }
      if listed.contains(token.bytes) || known(token.bytes) || specials.contains(token) { continue }
      specials.append(token)
    }
    return (added + specials).map { token in
      var token = token
      if names.contains(token.bytes) { token.isSpecial = true }
      return token
    }
  }

  private static let bertTokens: [(name: String, text: String)] = [
    ("unk_token", "[UNK]"), ("sep_token", "[SEP]"), ("pad_token", "[PAD]"), ("cls_token", "[CLS]"),
    ("mask_token", "[MASK]"),
  ]

  private mutating func setDefaults(_ defaults: [(name: String, text: String)]) {
    for (name, text) in defaults { set(name, .text(text)) }
  }

  private mutating func set(_ name: String, _ token: Token) {
    if let index = named.firstIndex(where: { $0.name == name }) {
      named[index].token = token
    } else {
      named.append((name, token))
    }
  }

  /// A length limit; Hugging Face writes 1e30 for "no limit".
  private static func length(_ value: OrderedJSON?) -> Int? {
    guard case .number(let number)? = value, number < 1e15 else { return nil }
    return Int(exactly: number)
  }
}
