/// A reader for one of the layouts that ``LabeledTexts`` supports.
protocol Rows: Sendable {
  var count: Int { get }
  func row(_ index: Int, _ labels: ClassLabels) throws -> LabeledText
}

/// Resolves labels that are class indices or class names.
struct ClassLabels: Sendable {
  let names: LabelMap

  init(_ names: [String]) throws(DataLoadingError) { self.names = try LabelMap(names) }

  func id(
    of label: String, path: String, line: @autoclosure () -> Int? = nil
  ) throws(DataLoadingError) -> Int {
    if let id = names.id(of: label) { return id }
    if let id = Int(label), names.names.indices ~= id { return id }
    let known = names.names.indices.map { "\"\($0)\"" } + names.names.map { "\"\($0)\"" }
    throw DataLoadingError(
      .unknownLabel, "the label \"\(label)\" is none of \(known.joined(separator: ", "))",
      path: path, line: line())
  }
}

struct DelimitedRows: Rows {
  private let table: DelimitedTable
  private let text: Int
  private let label: Int
  var count: Int { table.count }

  init(_ path: String, _ format: DelimitedFormat) throws(DataLoadingError) {
    table = try DelimitedTable(contentsOf: path, format: format)
    text = try table.index(ofColumn: "text")
    label = try table.index(ofColumn: "label")
  }

  func row(_ index: Int, _ labels: ClassLabels) throws -> LabeledText {
    let row = table[index]
    let id = try labels.id(of: row[label], path: table.path, line: table.line(ofRow: index))
    return LabeledText(text: row[text], label: id)
  }
}

struct JSONRow: Decodable, Sendable {
  var text: String
  var label: String

  enum CodingKeys: CodingKey { case text, label }

  init(from decoder: any Decoder) throws {
    let row = try decoder.container(keyedBy: CodingKeys.self)
    text = try row.decode(String.self, forKey: .text)
    label =
      try (try? row.decode(Int.self, forKey: .label)).map { "\($0)" }
      ?? row.decode(String.self, forKey: .label)
  }
}

typealias JSONRows = JSONLines<JSONRow>

extension JSONLines: Rows where Element == JSONRow {
  func row(_ index: Int, _ labels: ClassLabels) throws -> LabeledText {
    let row = try self[index]
    let id = try labels.id(of: row.label, path: path, line: line(of: index))
    return LabeledText(text: row.text, label: id)
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
      throw DataLoadingError(
        .malformedFile, "row \(index) has no text in the column \"text\"", path: table.path)
    }
    let label = row[label].text ?? row[label].integer.map { "\($0)" } ?? "no value"
    return LabeledText(text: text, label: try labels.id(of: label, path: table.path))
  }
}

extension TextFolders: Rows {
  func row(_ index: Int, _ labels: ClassLabels) throws -> LabeledText { try self[index] }
}
