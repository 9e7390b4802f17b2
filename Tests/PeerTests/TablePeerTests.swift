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
}
