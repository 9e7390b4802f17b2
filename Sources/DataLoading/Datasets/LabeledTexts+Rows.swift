/// A reader for one of the layouts that ``LabeledTexts`` supports.
protocol Rows: Sendable {
  var count: Int { get }
  func row(_ index: Int, _ labels: ClassLabels) throws -> LabeledText
}

/// The rows of the shards of one export, in the order of the shards.
struct ConcatenatedRows: Rows {
  private let parts: [any Rows]
  /// The cumulative number of rows at the end of each part.
  private let ends: [Int]
  var count: Int { ends.last ?? 0 }

  init(_ parts: [any Rows]) {
    self.parts = parts
    var end = 0
    ends = parts.map {
      end += $0.count
      return end
    }
  }

  func row(_ index: Int, _ labels: ClassLabels) throws -> LabeledText {
    var part = 0
    while ends[part] <= index { part += 1 }
    return try parts[part].row(index - (part == 0 ? 0 : ends[part - 1]), labels)
  }
}

struct DelimitedRows: Rows {
  private let table: DelimitedTable
  private let text: Int
  private let label: Int
  private let quotes: Bool
  var count: Int { table.count }

  init(_ path: String, _ format: DelimitedFormat) throws(DataLoadingError) {
    quotes = format.quotes
    table = try DelimitedTable(contentsOf: path, format: format)
    text = try table.index(ofColumn: "text")
    label = try table.index(ofColumn: "label")
  }

  func row(_ index: Int, _ labels: ClassLabels) throws -> LabeledText {
    let row = table[index]
    let id = try labels.id(
      of: .text(row[label]), column: "label",
      at: RowLocation(path: table.path, line: table.line(ofRow: index)))
    let text = row[text]
    if !quotes, isQuoted(text) {
      throw DataLoadingError(
        .malformedFile,
        "the text in column \"text\" is quoted as in CSV: \(MessageText.quoted(text)); quotes "
          + "are text "
          + "in a .tsv file, so write it without quotes, or write a .csv file", path: table.path,
        line: table.line(ofRow: index), column: "text")
    }
    return LabeledText(text: text, label: id)
  }

  /// Whether quotes enclose a text that contains other quotes, all of them doubled.
  private func isQuoted(_ text: String) -> Bool {
    guard text.utf8.count >= 4, text.hasPrefix("\""), text.hasSuffix("\"") else { return false }
    let inner = text.dropFirst().dropLast()
    return inner.contains("\"\"") && !inner.replacing("\"\"", with: "").contains("\"")
  }
}

struct ColumnRows: Rows {
  private let table: ColumnTable
  private let text: Int
  private let label: Int
  var count: Int { table.count }

  init(_ table: ColumnTable) throws(DataLoadingError) {
    self.table = table
    // An empty data set has no columns.
    text = table.count == 0 ? 0 : try table.index(ofColumn: "text")
    label = table.count == 0 ? 0 : try table.index(ofColumn: "label")
  }

  func row(_ index: Int, _ labels: ClassLabels) throws -> LabeledText {
    let row = table[index]
    guard let text = row[text].text else {
      let location = table.location(of: index)
      throw DataLoadingError(
        .malformedFile,
        "the text in column \"text\" is \(MessageText.shortened(row[text].excerpt)), not a string; "
          + "store a string or remove the row", path: location.path, row: location.row,
        column: "text")
    }
    let id = try labels.id(
      of: LabelValue(row[label]), column: "label", at: table.location(of: index))
    return LabeledText(text: text, label: id)
  }
}

extension TextFolders: Rows {
  func row(_ index: Int, _ labels: ClassLabels) throws -> LabeledText { try self[index] }
}
