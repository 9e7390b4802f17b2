extension SettingsReader {
  /// A special token that is given as its text or its properties; `nil` for null and for other
  /// values of a key that need not be a token.
  func token(
    _ value: OrderedJSON, key: String, isNamed: Bool
  ) throws(TokenizerError) -> TokenizerSettings.Token? {
    switch value {
    case .string(let text): return .text(text)
    case .object(let properties) where isNamed || properties[Self.marker] != nil:
      return .token(try token(properties, key: key, .configuration))
    default:
      if isNamed { throw wrong(.configuration, key, value, "the text of a token") }
      return nil
    }
  }

  /// An element of `extra_special_tokens`.
  func extraToken(_ value: OrderedJSON) throws(TokenizerError) -> TokenizerSettings.Token {
    let key = "extra_special_tokens"
    guard let token = try token(value, key: key, isNamed: true) else {
      throw wrong(.configuration, key, value, "the texts of tokens")
    }
    return token
  }

  /// The token with the properties of Hugging Face's `AddedToken`.
  func token(
    _ properties: OrderedJSON.Object, key: String, _ name: TokenizerFiles.Name
  ) throws(TokenizerError) -> AddedToken {
    guard let content = properties["content"]?.text else {
      throw wrong(name, "\(key).content", properties["content"], "the text of a token")
    }
    func has(_ property: String) throws(TokenizerError) -> Bool? {
      try flag(properties[property], key: "\(key).\(property)")
    }
    var token = AddedToken(special: content)
    token.isSpecial = try has("special") ?? false
    token.isNormalized = try has("normalized") ?? !token.isSpecial
    token.isSingleWord = try has("single_word") ?? false
    token.stripsLeft = try has("lstrip") ?? false
    token.stripsRight = try has("rstrip") ?? false
    return token
  }

  /// A Boolean; `nil` if the key is absent.
  func flag(_ value: OrderedJSON?, key: String) throws(TokenizerError) -> Bool? {
    guard let value else { return nil }
    guard let flag = value.flag else { throw wrong(.configuration, key, value, "true or false") }
    return flag
  }

  /// A side of a text; `nil` if the key is absent.
  func side(_ value: OrderedJSON?, key: String) throws(TokenizerError) -> EncodingOptions.Side? {
    switch (value, value?.text) {
    case (nil, _): return nil
    case (_, "left"): return .left
    case (_, "right"): return .right
    default: throw wrong(.configuration, key, value, #""left" or "right""#)
    }
  }

  /// The error for a value of the wrong type.
  ///
  /// Values of several files are merged, so the file is the likeliest one.
  func wrong(
    _ name: TokenizerFiles.Name, _ key: String, _ value: OrderedJSON?, _ wanted: String
  ) -> TokenizerError {
    let has = value?.text.map { String($0.debugDescription.prefix(80)) } ?? value?.kind ?? "nothing"
    let path = files[name] == nil ? files.path(.specialTokens) : files.path(name)
    return TokenizerError(
      .invalidFile, "\(path): \(key) is \(has), but must be \(wanted); correct the file")
  }
}
