/// A table in a text file, such as CSV or TSV, whose first row names the columns.
///
/// The file is read once and stored as bytes; a field becomes a `String` on access.
public struct DelimitedTable: Dataset {
  /// One row of a table.
  public struct Row: Sendable {
    fileprivate let table: DelimitedTable
    fileprivate let index: Int

    /// The text of the field in a column, counted from 0.
    public subscript(
      column: Int, file: StaticString = #fileID, line: UInt = #line
    ) -> String {
      requireColumn(column, of: table.columns.count, file: file, line: line)
      return table.text(row: index, column: column)
    }
  }

  /// The path of the file.
  public let path: String

  /// The names of the columns.
  public let columns: [String]

  /// The number of rows below the header.
  public var count: Int { fields.count / columns.count - 1 }

  private let format: DelimitedFormat
  private let bytes: [UInt8]
  private let fields: [DelimitedParser.Field]

  /// Reads a table from a file.
  ///
  /// Blank lines are skipped, except where the table has a single column.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - format: The format of the fields.
  /// - Throws: ``DataLoadingError`` with the file and the line, if the file cannot be read or is
  ///   not UTF-8, a quote is not closed, or a row has a different number of fields than the first.
  public init(
    contentsOf path: String, format: DelimitedFormat = .csv
  ) throws(DataLoadingError) {
    let bytes = try FileBytes.read(path)
    let parser = try DelimitedParser(bytes.span, format: format, path: path)
    self.path = path
    self.format = format
    self.bytes = bytes
    fields = parser.fields
    columns = parser.fields.prefix(parser.columnCount).map { Self.text($0, in: bytes) }
  }

  /// Returns the index of a column, counted from 0.
  ///
  /// - Throws: ``DataLoadingError`` with code `missingColumn`, which lists the existing columns, or
  ///   `ambiguous` if several columns have the name.
  public func index(ofColumn name: String) throws(DataLoadingError) -> Int {
    let matches = columns.indices.filter { columns[$0] == name }
    if matches.count == 1 { return matches[0] }
    if matches.count > 1 {
      throw DataLoadingError(
        .ambiguous,
        "\(matches.count) columns are named \(MessageText.quoted(name)); rename all but one",
        path: path,
        line: 1, column: name)
    }
    let similar = columns.first { $0.trimmingSpaces.lowercased() == name.lowercased() }
    let other =
      columns.count == 1 ? DelimitedParser.otherSeparator(in: columns[0], format: format) : nil
    let remedy =
      other
      ?? similar.map {
        $0.lowercased() == name.lowercased()
          ? "rename \(MessageText.quoted($0)); upper and lower case differ"
          : "remove the spaces around \(MessageText.quoted($0))"
      }
      ?? (columns[0].hasPrefix("sep=")
        ? "remove the first line, which is for spreadsheets"
        : "rename a column; the first row must name the columns")
    throw DataLoadingError(
      .missingColumn,
      "there is no column \(MessageText.quoted(name)); the columns are "
        + "\(MessageText.list(columns)); \(remedy)", path: path, line: 1, column: name)
  }

  /// The row at an index, counted from 0 below the header.
  public subscript(index: Int) -> Row {
    requireIndex(index)
    return Row(table: self, index: index)
  }

  /// Returns the text of every field in a column.
  public func texts(ofColumn name: String) throws(DataLoadingError) -> [String] {
    let column = try index(ofColumn: name)
    return (0..<count).map { text(row: $0, column: column) }
  }

  /// Returns the class index of every label in a column.
  ///
  /// - Throws: ``DataLoadingError`` with code `unknownLabel`, the file and the line.
  public func labels(
    ofColumn name: String, using map: LabelMap
  ) throws(DataLoadingError) -> [Int] {
    let column = try index(ofColumn: name)
    var labels: [Int] = []
    labels.reserveCapacity(count)
    for row in 0..<count {
      let label = text(row: row, column: column)
      guard let id = map.id(of: label) else {
        throw DataLoadingError(
          .unknownLabel,
          "the label \(MessageText.quoted(label)) in column \(MessageText.quoted(name)) is none of "
            + "\(MessageText.list(map.names)); correct it or add it to the classes", path: path,
          line: line(ofRow: row), column: name)
      }
      labels.append(id)
    }
    return labels
  }

  /// Returns the line, counted from 1, on which a row starts.
  public func line(ofRow row: Int) -> Int {
    DelimitedParser.line(of: fields[(row + 1) * columns.count].start, in: bytes.span)
  }

  fileprivate func text(row: Int, column: Int) -> String {
    Self.text(fields[(row + 1) * columns.count + column], in: bytes)
  }

  private static func text(_ field: DelimitedParser.Field, in bytes: [UInt8]) -> String {
    let text = bytes[field.start..<field.end]
    guard field.isEscaped else { return String(decoding: text, as: UTF8.self) }
    var unescaped: [UInt8] = []
    unescaped.reserveCapacity(text.count)
    var index = text.startIndex
    while index < text.endIndex {
      unescaped.append(text[index])
      index += text[index] == UInt8(ascii: "\"") ? 2 : 1
    }
    return String(decoding: unescaped, as: UTF8.self)
  }
}
