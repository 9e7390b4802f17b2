import FoundationEssentials

/// A data set in a JSON Lines file: one JSON value per line.
///
/// The file is memory-mapped and each line is decoded on access, so the file may be larger than
/// memory. Blank lines are skipped.
public struct JSONLines<Element: Decodable & Sendable>: Dataset {
  /// The path of the file.
  public let path: String

  private let bytes: MappedBytes
  private let starts: [(offset: Int, line: Int)]

  /// The number of samples.
  public var count: Int { starts.count }

  /// Opens a file and indexes its lines.
  ///
  /// - Parameters:
  ///   - type: The type of each line's value.
  ///   - path: The path of the file.
  /// - Throws: ``DataLoadingError`` with code `fileUnreadable`.
  public init(of type: Element.Type, contentsOf path: String) throws(DataLoadingError) {
    self.path = path
    bytes = try MappedBytes(path)
    starts = bytes.lineStarts(
      from: bytes.with(0..<min(3, bytes.count)) {
        TextEncoding.byteOrderMark($0)
      })
  }

  /// The sample at an index.
  ///
  /// Throws ``DataLoadingError`` with code `malformedFile`, the file and the line, if the line is
  /// not a JSON value of type `Element`.
  public subscript(index: Int) -> Element {
    get throws {
      try checkIndex(index)
      let (offset, line) = starts[index]
      let text = bytes.with(offset..<bytes.lineEnd(from: offset)) { Data($0) }
      do {
        return try JSONDecoder().decode(Element.self, from: text)
      } catch {
        throw DataLoadingError(
          .malformedFile, "\(reason(error, offset)); correct or remove the line", path: path,
          line: line, cause: error)
      }
    }
  }

  /// Returns why a line could not be decoded: its first syntax error, or what the type does not
  /// accept.
  private func reason(_ error: any Error, _ start: Int) -> String {
    let failure = bytes.with(0..<bytes.count) { bytes -> String? in
      if let problem = TextEncoding.problem(bytes) { return problem }
      var scanner = JSONScanner(bytes, from: start)
      scanner.isOneLine = true
      do throws(JSONScanner.Failure) {
        while scanner.byte == 0x20 || scanner.byte == 0x09 { scanner.skipByte() }
        try scanner.skipValue()
        return nil
      } catch {
        return "byte \(scanner.column(error.offset)): \(error.message)"
      }
    }
    if let failure { return failure }
    func path(_ path: [any CodingKey]) -> String {
      path.isEmpty
        ? "the value" : MessageText.quoted(path.map(\.stringValue).joined(separator: "."))
    }
    switch error as? DecodingError {
    case .keyNotFound(let key, let context):
      return "\(path(context.codingPath + [key])) is missing"
    case .typeMismatch(let type, let context):
      return "\(path(context.codingPath)) is not of type \(type)"
    case .valueNotFound(let type, let context):
      return "\(path(context.codingPath)) is null, not of type \(type)"
    case .dataCorrupted(let context):
      return "\(path(context.codingPath)): \(MessageText.shortened(context.debugDescription))"
    default: return "the line cannot be decoded: \(error)"
    }
  }

  /// Returns the line, counted from 1, of a sample.
  public func line(of index: Int) -> Int { starts[index].line }
}
