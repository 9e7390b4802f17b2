import FoundationEssentials

/// Samples in a file of JSON lines: one JSON value a line.
///
/// The file is mapped, and a line is decoded when its sample is asked for, so a file may be larger than
/// memory. Blank lines are skipped.
public struct JSONLines<Element: Decodable & Sendable>: Dataset {
  /// The path of the file.
  public let path: String

  private let bytes: MappedBytes
  private let starts: [(offset: Int, line: Int)]

  /// The number of samples.
  public var count: Int { starts.count }

  /// Opens a file and finds its lines.
  ///
  /// - Parameters:
  ///   - type: What each line holds.
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
  /// Throws ``DataLoadingError`` with code `malformedFile`, the file and the line, if the line is no JSON
  /// or another value than asked for.
  public subscript(index: Int) -> Element {
    get throws {
      precondition(starts.indices ~= index, "sample \(index) is not below \(count)")
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

  /// Returns the line of the file, counted from 1, that a sample stands in.
  public func line(of index: Int) -> Int { starts[index].line }
}
