/// Reads the values of a tokenizer's JSON files, and merges the files.
struct SettingsReader {
  let files: TokenizerFiles

  /// What the files contain together.
  struct Merged {
    /// The values by key, except for the special tokens below.
    var values = OrderedJSON.Object()
    /// Special tokens with a name of the model's own, in order.
    var modelTokens: [(key: String, value: OrderedJSON)] = []
    /// Special tokens without a name.
    var extra: [OrderedJSON] = []
    /// The added tokens in the order of the ids in the files.
    var added: [AddedToken] = []
  }

  /// Merges the files, like `PreTrainedTokenizerBase._from_pretrained` of `transformers` 5.23.
  func merged(json: TokenizerJSON?) throws(TokenizerError) -> Merged {
    var merged = Merged()
    merged.values = try files.object(.configuration) ?? .init()
    if let value = merged.values["additional_special_tokens"],
      merged.values["extra_special_tokens"]?.isTruthy != true
    {
      merged.values["extra_special_tokens"] = value
      merged.values["additional_special_tokens"] = nil
    }
    takeModelTokens(from: &merged)
    if let decoder = merged.values["added_tokens_decoder"] {
      guard case .object(let tokens) = decoder else {
        throw wrong(.configuration, "added_tokens_decoder", decoder, "an object")
      }
      var byID: [Int: AddedToken] = [:]
      for key in tokens.keys {
        guard let id = Int(key), case .object(let properties)? = tokens[key] else {
          throw wrong(
            .configuration, "added_tokens_decoder.\(key)", tokens[key], "the properties of a token")
        }
        byID[id] = try token(properties, key: "added_tokens_decoder.\(key)", .configuration)
      }
      merged.added = byID.sorted { $0.key < $1.key }.map(\.value)
    } else {
      try mergeSpecialTokens(into: &merged)
      merged.added = try legacyAddedTokens(json, merged)
    }
    // The older key counts only if the newer one is absent.
    if let value = merged.values["additional_special_tokens"],
      merged.values["extra_special_tokens"] == nil
    {
      merged.values["extra_special_tokens"] = value
    }
    switch merged.values["extra_special_tokens"] {
    case nil, .null?: break
    case .array(let tokens)?: merged.extra = tokens
    case .object(let tokens)?:
      merged.modelTokens += tokens.keys.compactMap { key in tokens[key].map { (key, $0) } }
    case let value?:
      throw wrong(.configuration, "extra_special_tokens", value, "an array or an object")
    }
    return merged
  }

  /// Moves the special tokens with a name of the model's own out of `values`.
  private func takeModelTokens(from merged: inout Merged) {
    for key in merged.values.keys where key.hasSuffix("_token") {
      guard !TokenizerSettings.names.contains(key), let value = merged.values[key],
        value.text != nil
      else { continue }
      merged.modelTokens.append((key, value))
      merged.values[key] = nil
    }
    takeExtraObject(from: &merged)
  }

  private func takeExtraObject(from merged: inout Merged) {
    guard case .object(let tokens)? = merged.values["extra_special_tokens"] else { return }
    for key in tokens.keys {
      guard let value = tokens[key] else { continue }
      if let index = merged.modelTokens.firstIndex(where: { $0.key == key }) {
        merged.modelTokens[index].value = value
      } else {
        merged.modelTokens.append((key, value))
      }
    }
    merged.values["extra_special_tokens"] = nil
  }

  /// Takes the values of `special_tokens_map.json`, which win.
  private func mergeSpecialTokens(into merged: inout Merged) throws(TokenizerError) {
    guard let map = try files.object(.specialTokens) else { return }
    for key in map.keys {
      guard let value = map[key] else { continue }
      switch value {
      case .object(var properties) where key != "extra_special_tokens":
        Self.mark(&properties)
        merged.values[key] = .object(properties)
      case .array(let tokens) where key == "extra_special_tokens":
        var all: [OrderedJSON] = []
        switch merged.values[key] {
        case .array(let existing)?: all = existing
        case let existing? where existing.isTruthy:
          throw wrong(.configuration, key, existing, "an array or an object")
        default: break
        }
        let texts = Set(all.compactMap { $0.text.map { Array($0.utf8) } })
        for token in tokens {
          if case .object(var properties) = token {
            Self.mark(&properties)
            all.append(.object(properties))
          } else if !texts.contains(Array((token.text ?? "").utf8)) {
            all.append(token)
          }
        }
        merged.values[key] = .array(all)
      default: merged.values[key] = value
      }
    }
    takeExtraObject(from: &merged)
  }

  /// Marks an object of `special_tokens_map.json` as the properties of a special token.
  private static func mark(_ properties: inout OrderedJSON.Object) {
    properties["special"] = .bool(true)
    properties[marker] = .string(mapMarker)
  }

  /// The key that distinguishes the properties of a token from other objects.
  static let marker = "__type"
  private static let mapMarker = "special token"

  /// The tokens of `added_tokens.json` and `tokenizer.json`, in the order of their ids.
  private func legacyAddedTokens(
    _ json: TokenizerJSON?, _ merged: Merged
  ) throws(TokenizerError) -> [AddedToken] {
    var byID: [Int: AddedToken] = [:]
    if let object = try files.object(.addedTokens) {
      var special: Set<[UInt8]> = []
      for key in TokenizerSettings.names {
        if let text = merged.values[key].flatMap(content) { special.insert(Array(text.utf8)) }
      }
      if case .array(let tokens)? = merged.values["extra_special_tokens"] {
        special.formUnion(tokens.compactMap { content($0).map { Array($0.utf8) } })
      }
      for key in object.keys {
        guard let id = object[key].flatMap(id) else {
          throw wrong(.addedTokens, key, object[key], "an id")
        }
        var token = AddedToken(special: key)
        token.isSpecial = special.contains(token.bytes)
        token.isNormalized = !token.isSpecial
        byID[id] = token
      }
    }
    for added in json?.addedTokens ?? [] {
      guard let id = added.id else {
        throw TokenizerError(
          .invalidFile,
          "\(files.path(.tokenizer)) is damaged: the added token \(added.content.debugDescription) "
            + "has no id; copy or download it again")
      }
      byID[Int(id)] = added.token
    }
    return byID.sorted { $0.key < $1.key }.map(\.value)
  }

  /// An id: a number, or the digits of one.
  private func id(_ value: OrderedJSON) -> Int? {
    if case .number(let number) = value { return Int(exactly: number) }
    return value.text.flatMap { Int($0) }
  }

  /// The text of a token, as `special_tokens_map.json` has it.
  ///
  /// `nil` for the properties of a token in `tokenizer_config.json`: `transformers` does not
  /// recognize those in `added_tokens.json`.
  private func content(_ value: OrderedJSON) -> String? {
    if case .object(let properties) = value {
      return properties[Self.marker]?.text == Self.mapMarker ? properties["content"]?.text : nil
    }
    return value.text.flatMap { $0.isEmpty ? nil : $0 }
  }
}
