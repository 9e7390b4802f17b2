import DataLoading
import Foundation
import ProcessHarness
import Testing

@Suite(.enabled(if: Peers.areAvailable, Peers.missing)) struct TablePeerTests {
  /// A value in the format of write_tables.py, which writes integers as text for full precision.
  private struct ExpectedValue: Decodable, Equatable {
    var value: ColumnValue

    enum CodingKeys: CodingKey { case null, bool, int, float, str, bytes, list }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      let key = try #require(fields.allKeys.first)
      switch key {
      case .null: value = .null
      case .bool: value = .boolean(try fields.decode(Bool.self, forKey: key))
      case .float: value = .real(try fields.decode(Double.self, forKey: key))
      case .str: value = .text(try fields.decode(String.self, forKey: key))
      case .bytes: value = .bytes(try fields.decode([UInt8].self, forKey: key))
      case .list: value = .list(try fields.decode([ExpectedValue].self, forKey: key).map(\.value))
      case .int:
        let text = try fields.decode(String.self, forKey: key)
        value = try Int64(text).map { .integer($0) } ?? .unsigned(#require(UInt64(text)))
      }
    }
  }

  /// Converts unsigned integers to signed ones where possible, because Python has one integer type.
  private func plain(_ value: ColumnValue) -> ColumnValue {
    switch value {
    case .unsigned(let number): Int64(exactly: number).map { .integer($0) } ?? value
    case .list(let values): .list(values.map(plain))
    default: value
    }
  }

  private func check(_ table: ColumnTable, _ rows: [[ExpectedValue]], _ path: String) throws {
    try #require(table.count == rows.count, "\(path)")
    var differences = 0
    for (index, row) in rows.enumerated() {
      let values = table.columns.indices.map { plain(table[index][$0]) }
      if values != row.map(\.value) { differences += 1 }
    }
    #expect(differences == 0, "\(path)")
  }

  @Test func rowsEqualThoseWrittenByPython() async throws {
    let existing = ProcessInfo.processInfo.environment["LOCKSTEP_TABLES"]
    let temporary = try TestFolder()
    let folder = existing ?? temporary.file("tables")
    if existing == nil { _ = try await Peers.run("write_tables.py", [folder, "--count", "40"]) }
    var checked = 0
    for number in 0..<40 {
      let path = "\(folder)/\(number)"
      let text = try String(contentsOfFile: "\(path)/rows.jsonl", encoding: .utf8)
      let rows = try text.split(separator: "\n").map { try Peers.decode([ExpectedValue].self, $0) }
      try check(ColumnTable(arrowFiles: ["\(path)/rows.arrow"]), rows, "\(path)/rows.arrow")
      try check(ColumnTable(parquetFiles: ["\(path)/rows.parquet"]), rows, "\(path)/rows.parquet")
      try check(ColumnTable(datasetAt: "\(path)/dataset", split: "train"), rows, "\(path)/dataset")
      checked += rows.count
    }
    #expect(checked > 5000)

    for name in try FileManager.default.contentsOfDirectory(atPath: "\(folder)/refused") {
      let error = #expect(throws: DataLoadingError.self) {
        try ColumnTable(arrowFiles: ["\(folder)/refused/\(name)"])
      }
      #expect(error?.code == .unsupported)
      let type = name.replacingOccurrences(of: ".arrow", with: "")
      #expect(error?.message.contains("\"odd\" has the Arrow type \(type)") == true, "\(name)")
    }
  }

  @Test func reviewsAreEqualInEveryFormat() async throws {
    let folder = try TestFolder()
    _ = try await Peers.run("write_tables.py", [folder.file("all"), "--count", "0"])
    let wanted = [
      LabeledText(text: "good ä", label: 1), LabeledText(text: "bad\nfilm", label: 0),
      LabeledText(text: "", label: 0), LabeledText(text: "漢 \"quoted\"", label: 1),
    ]
    for layout in ["texts", "hub", "lines", "tree"] {
      let texts = try LabeledTexts(
        at: folder.file("all/\(layout)"), split: "train", classes: ["neg", "pos"])
      let rows = try (0..<texts.count).map { try texts[$0] }
      // A class tree orders the texts by class.
      let inOrder = layout == "tree" ? [wanted[1], wanted[2], wanted[0], wanted[3]] : wanted
      #expect(rows == inOrder, "\(layout)")
    }
  }

  @Test func convertedTypesEqualPythonsValues() async throws {
    let folder = try TestFolder()
    _ = try await Peers.run("write_tables.py", [folder.file("all"), "--count", "0"])
    let base = folder.file("all/converted")
    var checked = 0
    for name in try FileManager.default.contentsOfDirectory(atPath: base).sorted() {
      let text = try String(contentsOfFile: "\(base)/\(name)/rows.jsonl", encoding: .utf8)
      let rows = try text.split(separator: "\n").map { try Peers.decode([ExpectedValue].self, $0) }
      for file in ["rows.arrow", "rows.stream.arrow", "rows.parquet"] {
        let path = "\(base)/\(name)/\(file)"
        guard FileManager.default.fileExists(atPath: path) else { continue }
        let isParquet = file.hasSuffix("parquet")
        let table =
          isParquet
          ? try ColumnTable(parquetFiles: [path], columns: ["odd"])
          : try ColumnTable(arrowFiles: [path], columns: ["odd"])
        try check(table, rows, path)
        #expect(table.columns == ["odd"])
        checked += 1
        let error = #expect(throws: DataLoadingError.self) {
          isParquet ? try ColumnTable(parquetFiles: [path]) : try ColumnTable(arrowFiles: [path])
        }
        #expect(error?.message.contains("\"before\" has the Arrow type struct") == true, "\(path)")
      }
    }
    #expect(checked >= 50)
  }

  @Test func inexactDecimalErrorNamesRowAndValue() async throws {
    let folder = try TestFolder()
    _ = try await Peers.run("write_tables.py", [folder.file("all"), "--count", "0"])
    let base = folder.file("all/inexact")
    for name in try FileManager.default.contentsOfDirectory(atPath: base) {
      let error = #expect(throws: DataLoadingError.self) {
        try ColumnTable(parquetFiles: ["\(base)/\(name)"])
      }
      #expect(error?.code == .unsupported)
      #expect(error?.row == 2)
      #expect(error?.column == "odd")
      let text = name.replacingOccurrences(of: ".parquet", with: "")
      #expect(error?.message.contains("the decimal \(text) in column") == true, "\(name)")
    }
  }

  @Test func shardsMatchByNameAndKind() async throws {
    let folder = try TestFolder()
    _ = try await Peers.run("write_tables.py", [folder.file("all"), "--count", "0"])
    let base = folder.file("all/shards")
    let refused = [
      "bad label": "\"label\" has the type string, but int64 in",
      "bad kind": "\"label\" has the type float64, but int64 in",
      "bad text": "\"text\" has the type binary, but string in",
      "bad column": "there is no column \"label\"; the columns are \"text\", \"Label\"",
      "bad null": "row 0: the label null in column \"label\"",
      "bad date": "\"label\" has the Arrow type date",
    ]
    for name in try FileManager.default.contentsOfDirectory(atPath: base).sorted() {
      func read() throws -> [LabeledText] {
        let texts = try LabeledTexts(
          at: "\(base)/\(name)", split: "train", classes: ["neg", "pos"])
        return try (0..<texts.count).map { try texts[$0] }
      }
      if let message = refused[name] {
        let error = #expect(throws: DataLoadingError.self) { try read() }
        #expect(error?.path?.hasSuffix("train-00001-of-00002.parquet") == true, "\(name)")
        #expect(error?.message.contains(message) == true, "\(name): \(error?.message ?? "")")
      } else {
        let shard = [LabeledText(text: "a", label: 0), LabeledText(text: "b", label: 1)]
        #expect(try read() == shard + shard, "\(name)")
      }
    }
  }

  @Test func declaredClassesAndSelectionsAreHonoured() async throws {
    let folder = try TestFolder()
    _ = try await Peers.run("write_tables.py", [folder.file("all"), "--count", "0"])
    func read(_ name: String) throws -> [LabeledText] {
      let texts = try LabeledTexts(
        at: folder.file("all/\(name)"), split: "train", classes: ["neg", "pos"])
      return try (0..<texts.count).map { try texts[$0] }
    }
    let wanted = try read("texts")
    for name in ["swapped/disk", "swapped/hub", "swapped/split"] {
      #expect(try read(name) == wanted, "\(name)")
    }
    #expect(try read("selection") == [wanted[3], wanted[0], wanted[0]])
    let error = #expect(throws: DataLoadingError.self) { try read("bad selection") }
    #expect(error?.message.contains("the selection names row 4, but there are 4 rows") == true)
  }
}
