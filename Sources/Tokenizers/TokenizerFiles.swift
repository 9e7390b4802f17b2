import FoundationEssentials

/// The files of a saved tokenizer, with Hugging Face's file names.
struct TokenizerFiles: Sendable {
  enum Name: String, CaseIterable {
    case vocabulary = "vocab.txt"
    case tokenizer = "tokenizer.json"
    case configuration = "tokenizer_config.json"
    case specialTokens = "special_tokens_map.json"
    case addedTokens = "added_tokens.json"
  }

  /// The folder that the files were read from, for error messages.
  let folder: String

  private var contents: [Name: [UInt8]] = [:]
  private var tokenizerName = Name.tokenizer.rawValue
  private var model: [UInt8]?

  /// Creates an empty set of files.
  init(folder: String) {
    self.folder = folder
  }

  /// Reads the files that exist in a folder.
  init(contentsOf folder: String) throws(TokenizerError) {
    self.init(folder: folder)
    contents[.configuration] = try read(Name.configuration.rawValue)
    tokenizerName = try versionedTokenizerName() ?? tokenizerName
    for name in Name.allCases where name != .configuration {
      contents[name] = try read(fileName(name))
    }
    model = try read("config.json")
    if contents[.tokenizer] == nil, contents[.vocabulary] == nil {
      throw TokenizerError(
        .missingFile,
        "no tokenizer in \(folder): it has neither \(tokenizerName) nor vocab.txt; pass the folder "
          + "of a pretrained model")
    }
  }

  subscript(name: Name) -> [UInt8]? {
    get { contents[name] }
    set { contents[name] = newValue }
  }

  /// The paths of the files that were read, sorted.
  var paths: [String] {
    let model = model == nil ? [] : [path("config.json")]
    return (contents.keys.map { path($0) } + model).sorted()
  }

  /// The name of a file in the folder; `tokenizer.json` may have a version in its name.
  func fileName(_ name: Name) -> String { name == .tokenizer ? tokenizerName : name.rawValue }

  func path(_ name: Name) -> String { path(fileName(name)) }

  private func path(_ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// Reads a JSON object, or returns an empty one if the file is absent.
  func object(_ name: Name) throws(TokenizerError) -> OrderedJSON.Object? {
    try contents[name].map { bytes throws(TokenizerError) in
      try Self.object(bytes, path: path(name))
    }
  }

  /// Reads `config.json`, which describes the model; `nil` if it is absent.
  func modelConfiguration() throws(TokenizerError) -> OrderedJSON.Object? {
    try model.map { bytes throws(TokenizerError) in
      try Self.object(bytes, path: path("config.json"))
    }
  }

  /// Decodes a JSON file, or returns `nil` if it is absent.
  func decode<Value: Decodable>(
    _ type: Value.Type, from name: Name
  ) throws(TokenizerError) -> Value? {
    guard let bytes = contents[name] else { return nil }
    return try Self.decode(type, bytes, path: path(name))
  }

  /// The file that `fast_tokenizer_files` names for this version of `transformers`, if any.
  ///
  /// Names are `tokenizer.VERSION.json`. The last one counts whose version is not newer, in the
  /// order of the texts of the versions.
  private func versionedTokenizerName() throws(TokenizerError) -> String? {
    guard case .array(let names)? = try object(.configuration)?["fast_tokenizer_files"] else {
      return nil
    }
    func numbers(_ version: Substring) -> [Int] {
      version.split(separator: ".").map { Int($0) ?? 0 }
    }
    let versions = names.compactMap { name -> Substring? in
      guard let name = name.text, name.hasPrefix("tokenizer."), name.hasSuffix(".json"),
        name.utf8.count > "tokenizer..json".utf8.count
      else { return nil }
      return name.dropFirst("tokenizer.".count).dropLast(".json".count)
    }
    let known = versions.sorted().prefix {
      !TokenizerClass.transformersVersion.lexicographicallyPrecedes(numbers($0))
    }
    return known.last.map { "tokenizer.\($0).json" }
  }

  private func read(_ name: String) throws(TokenizerError) -> [UInt8]? {
    let path = path(name)
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do {
      return [UInt8](try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw TokenizerError(.missingFile, "cannot read \(path): \(error)", cause: error)
    }
  }

  private static func object(
    _ bytes: [UInt8], path: String
  ) throws(TokenizerError) -> OrderedJSON.Object {
    _ = try decode(AnyJSONObject.self, bytes, path: path)
    var scanner = JSONScanner(bytes)
    guard case .object(let object) = scanner.value() else {
      throw TokenizerError(
        .invalidFile, "\(path) is damaged: it does not start with {; copy or download it again")
    }
    return object
  }

  private static func decode<Value: Decodable>(
    _ type: Value.Type, _ bytes: [UInt8], path: String
  ) throws(TokenizerError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw damage(error, path: path)
    }
  }

  /// The error for a file that cannot be decoded.
  static func damage(_ error: any Error, path: String) -> TokenizerError {
    if let error = error as? TokenizerError { return error }
    return TokenizerError(
      .invalidFile, "\(path) is damaged: \(explanation(error))", cause: error)
  }

  private static func explanation(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return (path.isEmpty ? "" : "at \(path): ") + context.debugDescription
    case .keyNotFound(let key, _): return "the key \"\(key.stringValue)\" is missing"
    @unknown default: return "\(error)"
    }
  }
}

/// Any JSON object; decoding it checks that a text is one.
private struct AnyJSONObject: Decodable {
  private enum Key: CodingKey {}

  init(from decoder: any Decoder) throws { _ = try decoder.container(keyedBy: Key.self) }
}
