/// Parses the rows and fields of a text table.
struct DelimitedParser {
  /// The byte range of a field's text, without the enclosing quotes.
  struct Field {
    var start: Int
    var end: Int
    /// Whether the text contains doubled quotes.
    var isEscaped = false
  }

  /// The fields of all rows in order, starting with the header.
  private(set) var fields: [Field] = []

  /// The number of fields in every row.
  private(set) var columnCount = 0

  private let path: String
  private let format: DelimitedFormat

  private init(path: String, format: DelimitedFormat) {
    self.path = path
    self.format = format
  }

  /// Parses a whole file.
  ///
  /// - Parameters:
  ///   - bytes: The content of the file.
  ///   - format: The format of the fields.
  ///   - path: The file's path, for error messages.
  /// - Throws: ``DataLoadingError`` with the line of the first invalid row.
  init(_ bytes: Span<UInt8>, format: DelimitedFormat, path: String) throws(DataLoadingError) {
    self.init(path: path, format: format)
    do {
      _ = try UTF8Span(validating: bytes)
    } catch {
      throw failure(
        "byte \(error.byteOffsets.lowerBound) is not UTF-8; convert the file to UTF-8", bytes,
        at: error.byteOffsets.lowerBound)
    }
    var index = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
    while index < bytes.count { index = try row(bytes, from: index) }
    if columnCount == 0 {
      throw DataLoadingError(
        .malformedFile, "the file is empty; its first row must name the columns", path: path)
    }
  }

  /// Reads one row and returns the start of the next.
  private mutating func row(_ bytes: Span<UInt8>, from start: Int) throws(DataLoadingError) -> Int {
    let first = fields.count
    var index = start
    while true {
      index = try field(bytes, from: index)
      guard index < bytes.count, bytes[index] == format.separator else { break }
      index += 1
    }
    let count = fields.count - first
    // A blank line is a row only if the table has a single column.
    if count == 1, columnCount != 1, isBlankLine(bytes, from: start, to: index) {
      fields.removeLast()
    } else if columnCount == 0 {
      columnCount = count
    } else if count != columnCount {
      throw failure(
        "the row has \(count) field\(count == 1 ? "" : "s"), but the first row has \(columnCount); "
          + "quote fields that contain separators or line ends", bytes, at: start)
    }
    return index + 1
  }

  private func isBlankLine(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
    end == start || end == start + 1 && bytes[start] == UInt8(ascii: "\r")
  }

  /// Reads one field and returns the offset of its separator, line feed or end of file.
  private mutating func field(
    _ bytes: Span<UInt8>, from start: Int
  ) throws(DataLoadingError) -> Int {
    if format.quotes, start < bytes.count, bytes[start] == UInt8(ascii: "\"") {
      return try quotedField(bytes, from: start)
    }
    var index = start
    while index < bytes.count, bytes[index] != format.separator, bytes[index] != UInt8(ascii: "\n")
    {
      index += 1
    }
    let endsLine = index < bytes.count && bytes[index] == UInt8(ascii: "\n")
    let hasReturn = endsLine && index > start && bytes[index - 1] == UInt8(ascii: "\r")
    fields.append(Field(start: start, end: hasReturn ? index - 1 : index))
    return index
  }

  private mutating func quotedField(
    _ bytes: Span<UInt8>, from start: Int
  ) throws(DataLoadingError) -> Int {
    var index = start + 1
    var isEscaped = false
    while true {
      while index < bytes.count, bytes[index] != UInt8(ascii: "\"") { index += 1 }
      guard index < bytes.count else {
        throw failure("the quote that opens here is never closed", bytes, at: start)
      }
      guard index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\"") else { break }
      isEscaped = true
      index += 2
    }
    fields.append(Field(start: start + 1, end: index, isEscaped: isEscaped))
    index += 1
    if index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\r"),
      bytes[index + 1] == UInt8(ascii: "\n")
    {
      index += 1
    }
    guard
      index >= bytes.count || bytes[index] == format.separator || bytes[index] == UInt8(ascii: "\n")
    else {
      throw failure(
        "text follows the closing quote of a field; write a quote inside a field as two quotes",
        bytes, at: index)
    }
    return index
  }

  private func failure(_ message: String, _ bytes: Span<UInt8>, at offset: Int) -> DataLoadingError
  {
    DataLoadingError(
      .malformedFile, message, path: path, line: Self.line(of: offset, in: bytes))
  }

  /// Returns the line, counted from 1, of a byte offset.
  static func line(of offset: Int, in bytes: Span<UInt8>) -> Int {
    var line = 1
    for index in 0..<min(offset, bytes.count) where bytes[index] == UInt8(ascii: "\n") { line += 1 }
    return line
  }
}
