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
    if let problem = bytes.withUnsafeBytes({ TextEncoding.problem($0) }) {
      throw failure(problem, bytes, at: 0)
    }
    do {
      _ = try UTF8Span(validating: bytes)
    } catch {
      let offset = error.byteOffsets.lowerBound
      throw failure(
        "byte \(column(of: offset, in: bytes)) of the line is not UTF-8; convert the file "
          + "(iconv -f WINDOWS-1252 -t UTF-8)", bytes, at: offset)
    }
    var index = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
    while index < bytes.count { index = try row(bytes, from: index) }
    if columnCount == 0 {
      throw DataLoadingError(
        .malformedFile, "the file is empty; its first row must name the columns", path: path,
        line: 1)
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
      let header = fields[0]
      if columnCount == 1,
        let problem = Self.otherSeparator(
          in: rawText(header.start..<header.end, in: bytes), format: format)
      {
        throw failure(problem, bytes, at: header.start)
      }
      throw failure(
        "the row has \(count) field\(count == 1 ? "" : "s"), but the first row has \(columnCount): "
          + "\(text(start..<index, in: bytes)); quote fields that contain separators or line ends",
        bytes, at: start)
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
    let end = hasReturn ? index - 1 : index
    try check(start..<end, bytes)
    fields.append(Field(start: start, end: end))
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
        throw failure(
          "the quote that opens here is never closed: \(text(start..<bytes.count, in: bytes)); "
            + "close "
            + "it, or write a quote inside a field as two quotes", bytes, at: start)
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
    else { throw textAfterQuote(bytes, from: start, at: index) }
    return index
  }

  /// Checks a field without quotes for signs of another format.
  private func check(_ field: Range<Int>, _ bytes: Span<UInt8>) throws(DataLoadingError) {
    if columnCount == 0,
      let first = field.first(where: { bytes[$0] == UInt8(ascii: "\r") })
    {
      throw carriageReturns(bytes, at: first)
    }
    func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    guard format.quotes, !field.isEmpty, isSpace(bytes[field.lowerBound]),
      let first = field.first(where: { !isSpace(bytes[$0]) }), bytes[first] == UInt8(ascii: "\"")
    else { return }
    throw failure(
      "a space precedes the opening quote of a field, so the quotes are text: "
        + "\(text(field, in: bytes)); remove the space after the separator", bytes, at: first)
  }

  private func carriageReturns(_ bytes: Span<UInt8>, at offset: Int) -> DataLoadingError {
    let next = (1...2).map { offset + $0 < bytes.count ? bytes[offset + $0] : 0 }
    if next == [UInt8(ascii: "\r"), UInt8(ascii: "\n")] {
      return failure(
        "lines end with two carriage returns (\\r\\r\\n); remove them (tr -d '\\r')", bytes,
        at: offset)
    }
    return failure(
      "lines end with carriage returns (\\r) only; convert them to line feeds "
        + "(tr '\\r' '\\n' or dos2unix -c mac)", bytes, at: offset)
  }

  /// Returns the error for a byte that follows the closing quote of a field.
  private func textAfterQuote(
    _ bytes: Span<UInt8>, from start: Int, at index: Int
  ) -> DataLoadingError {
    let byte = bytes[index]
    if byte == UInt8(ascii: "\r"), columnCount == 0 || !hasLineFeed(bytes, before: start) {
      return carriageReturns(bytes, at: index)
    }
    let field = text(start..<index + 1, in: bytes)
    if let other = Self.separators.first(where: { $0.byte == byte && byte != format.separator }),
      index + 1 >= bytes.count || bytes[index + 1] != UInt8(ascii: " ")
    {
      return failure(
        "\(other.name) follows a quoted field, but the separator is "
          + "\(Self.name(format.separator)); "
          + "convert the file: \(field)", bytes, at: index)
    }
    for index in start..<index where bytes[index] == UInt8(ascii: "\\") {
      guard index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\"") else { continue }
      return failure(
        "the quotes inside a field are escaped with backslashes: \(field); write each as two "
          + "quotes "
          + "(pandas: to_csv without escapechar)", bytes, at: index)
    }
    return failure(
      "text follows the closing quote of a field: \(field); write a quote inside a field as two "
        + "quotes",
      bytes, at: index)
  }

  private func hasLineFeed(_ bytes: Span<UInt8>, before end: Int) -> Bool {
    (0..<end).contains { bytes[$0] == UInt8(ascii: "\n") }
  }

  /// The separators of common formats.
  private static let separators: [(byte: UInt8, name: String)] = [
    (UInt8(ascii: ","), "a comma"), (UInt8(ascii: ";"), "a semicolon"),
    (UInt8(ascii: "\t"), "a tab"), (UInt8(ascii: "|"), "a vertical bar"),
  ]

  private static func name(_ separator: UInt8) -> String {
    separators.first { $0.byte == separator }?.name
      ?? MessageText.quoted(String(Unicode.Scalar(separator)))
  }

  /// Returns an error message if a header with a single field contains another format's separator.
  static func otherSeparator(in header: String, format: DelimitedFormat) -> String? {
    let found = separators.first { other in
      other.byte != format.separator && header.utf8.contains(other.byte)
    }
    return found.map {
      "the fields are separated by \($0.name), not by \(name(format.separator)); convert the "
        + "file, or "
        + "read it as a DelimitedTable with that separator"
    }
  }

  /// Quotes the first bytes of a range.
  private func text(_ range: Range<Int>, in bytes: Span<UInt8>) -> String {
    MessageText.quoted(rawText(range.prefix(4 * MessageText.maximumValueLength + 4), in: bytes))
  }

  private func rawText(_ range: Range<Int>, in bytes: Span<UInt8>) -> String {
    String(decoding: range.map { bytes[$0] }, as: UTF8.self)
  }

  /// The position of a byte in its line, counted from 1.
  private func column(of offset: Int, in bytes: Span<UInt8>) -> Int {
    var start = offset
    while start > 0, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    return offset - start + 1
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
