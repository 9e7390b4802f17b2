import FoundationEssentials

/// A data set in a JSON Lines file: one JSON value per line.
///
/// The file is memory-mapped and each line is decoded on access, so the file may be larger than memory.
/// Blank lines are skipped.
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
    var starts: [(offset: Int, line: Int)] = []
    var offset = 0
    var line = 1
    while offset < bytes.count {
      let end = bytes.lineEnd(from: offset)
      if (offset..<end).contains(where: { [bytes] in
        ![0x20, 0x09, 0x0D].contains(bytes[$0])
      }) {
        starts.append((offset, line))
      }
      offset = end + 1
      line += 1
    }
    self.starts = starts
  }

  /// The sample at an index.
  ///
  /// Throws ``DataLoadingError`` with code `malformedFile`, the file and the line, if the line is not a
  /// JSON value of type `Element`.
  public subscript(index: Int) -> Element {
    get throws {
      precondition(starts.indices ~= index, "sample \(index) is out of range 0..<\(count)")
      let (offset, line) = starts[index]
      let text = bytes.with(offset..<bytes.lineEnd(from: offset)) { Data($0) }
      do {
        return try JSONDecoder().decode(Element.self, from: text)
      } catch {
        throw DataLoadingError(
          .malformedFile, "the line is not JSON of the requested type: \(error)",
          path: path, line: line, cause: error)
      }
    }
  }

  /// Returns the line, counted from 1, of a sample.
  public func line(of index: Int) -> Int { starts[index].line }
}
