import FoundationEssentials

/// The files of a saved tokenizer, with Hugging Face's file names.
struct TokenizerFiles: Sendable {
  enum Name: String, CaseIterable {
    case vocabulary = "vocab.txt"
    case tokenizer = "tokenizer.json"
    case configuration = "tokenizer_config.json"
    case specialTokens = "special_tokens_map.json"
  }

  /// The folder that the files were read from, for error messages.
  let folder: String

  private var contents: [Name: [UInt8]] = [:]

  /// Creates an empty set of files.
  init(folder: String) {
    self.folder = folder
  }

  /// Reads the files that exist in a folder.
  init(contentsOf folder: String) throws(TokenizerError) {
    self.init(folder: folder)
    for name in Name.allCases {
      let path = path(name)
      guard FileManager.default.fileExists(atPath: path) else { continue }
      do {
        contents[name] = [UInt8](try Data(contentsOf: URL(filePath: path)))
      } catch {
        throw TokenizerError(.missingFile, "cannot read \(path): \(error)", cause: error)
      }
    }
    if contents[.tokenizer] == nil, contents[.vocabulary] == nil {
      throw TokenizerError(
        .missingFile,
        "no tokenizer in \(folder): it has neither tokenizer.json nor vocab.txt; pass the folder "
          + "of a pretrained model")
    }
  }

  subscript(name: Name) -> [UInt8]? {
    get { contents[name] }
    set { contents[name] = newValue }
  }

  func path(_ name: Name) -> String {
    folder.hasSuffix("/") ? folder + name.rawValue : folder + "/" + name.rawValue
  }

  /// Decodes a JSON file, or returns `nil` if it is absent.
  func decode<Value: Decodable>(
    _ type: Value.Type, from name: Name
  ) throws(TokenizerError) -> Value? {
    guard let bytes = contents[name] else { return nil }
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch let error as TokenizerError {
      throw error
    } catch {
      throw TokenizerError(
        .invalidFile, "\(path(name)) is damaged: \(Self.explanation(error))", cause: error)
    }
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
