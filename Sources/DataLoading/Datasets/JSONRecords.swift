import FoundationEssentials

/// Texts and labels in a JSON file: one object per line, or one array of objects.
///
/// The file is memory-mapped and each record is parsed on access.
struct JSONRecords: Rows {
  private static let textColumn = "text"
  private static let labelColumn = "label"

  let path: String
  private let bytes: MappedBytes
  private let isArray: Bool
  private let starts: [(offset: Int, line: Int)]

  var count: Int { starts.count }

  /// Opens a file and locates its records.
  ///
  /// An array is parsed in full. In a file of lines, only the first line is parsed.
  ///
  /// - Throws: ``DataLoadingError`` with code `fileUnreadable`, or `malformedFile` and the line.
  init(_ path: String) throws(DataLoadingError) {
    self.path = path
    bytes = try MappedBytes(path)
    let file = bytes
    if let problem = file.with(0..<file.count, { TextEncoding.problem($0) }) {
      throw DataLoadingError(.malformedFile, problem, path: path, line: 1)
    }
    var first = file.with(0..<min(3, file.count)) { TextEncoding.byteOrderMark($0) }
    var line = 1
    let textStart = first
    while first < file.count, [0x20, 0x09, 0x0D, 0x0A].contains(file[first]) {
      if file[first] == 0x0A { line += 1 }
      first += 1
    }
    isArray = first < file.count && file[first] == UInt8(ascii: "[")
    guard isArray else {
      starts = file.lineStarts(from: textStart)
      if !starts.isEmpty {
        do {
          _ = try record(0)
        } catch {
          throw singleObjectError() ?? error
        }
      }
      return
    }
    do {
      starts = try file.with(0..<file.count) { bytes throws(JSONScanner.Failure) in
        try Self.elements(bytes, from: first, line: line)
      }
    } catch {
      throw file.with(0..<file.count) { Self.error(error, $0, path, row: nil) }
    }
  }

  func row(_ index: Int, _ labels: ClassLabels) throws -> LabeledText {
    let (text, label) = try record(index)
    let location = location(index)
    guard case .string(let string) = text else {
      let hint =
        if case .other = text { "; pandas writes records with to_json(orient=\"records\")" } else {
          ""
        }
      throw DataLoadingError(
        .malformedFile,
        "the text in column \"text\" is \(Self.excerpt(text, bytes)), not a string; write a "
          + "string or "
          + "remove the record\(hint)", path: path, line: location.line, row: location.row,
        column: Self.textColumn)
    }
    return LabeledText(
      text: string,
      label: try labels.id(
        of: Self.label(label, bytes), column: Self.labelColumn, at: location))
  }

  /// Returns the error for a file that consists of one object, which is not a record; `nil` for
  /// others.
  private func singleObjectError() -> DataLoadingError? {
    let names = bytes.with(0..<bytes.count) { bytes -> [String]? in
      var names: [String] = []
      var scanner = JSONScanner(bytes, from: starts[0].offset)
      do throws(JSONScanner.Failure) {
        try scanner.skipSpace()
        try scanner.object { (name, scanner) throws(JSONScanner.Failure) in
          try scanner.skipValue()
          if names.count < 100 { names.append(name) }
        }
        try scanner.skipSpace()
      } catch { return nil }
      return scanner.byte == nil ? names : nil
    }
    guard let names, !names.contains(Self.textColumn) else { return nil }
    return DataLoadingError(
      .malformedFile,
      "the file is one object with the members \(MessageText.list(names)), not a list of "
        + "records; write "
        + "an array of objects {\"text\": …, \"label\": …}, or one object per line", path: path,
      line: starts[0].line)
  }

  private func location(_ index: Int) -> RowLocation {
    RowLocation(path: path, line: starts[index].line)
  }

  /// Reads the text and the label of a record.
  private func record(
    _ index: Int
  ) throws(DataLoadingError) -> (text: JSONScanner.Value, label: JSONScanner.Value) {
    let start = starts[index].offset
    let result = bytes.with(0..<bytes.count) { bytes -> Result<Members, JSONScanner.Failure> in
      var scanner = JSONScanner(bytes, from: start)
      scanner.isOneLine = !isArray
      return Result { () throws(JSONScanner.Failure) in try Self.members(&scanner, isArray) }
    }
    let members: Members
    switch result {
    case .success(let found): members = found
    case .failure(let failure):
      throw bytes.with(0..<bytes.count) { Self.error(failure, $0, path, row: nil) }
    }
    func value(
      _ value: JSONScanner.Value?, _ name: String
    ) throws(DataLoadingError) -> JSONScanner.Value {
      if let value { return value }
      let similar = members.names.first { $0.trimmingSpaces.lowercased() == name }
      throw DataLoadingError(
        .missingColumn,
        "there is no member \(MessageText.quoted(name)); the members are "
          + MessageText.list(members.names) + "; "
          + "rename \(similar.map { MessageText.quoted($0) } ?? "the member that holds it")",
        path: path, line: starts[index].line, column: name)
    }
    return (
      try value(members.text, Self.textColumn), try value(members.label, Self.labelColumn)
    )
  }

  private struct Members {
    var text: JSONScanner.Value?
    var label: JSONScanner.Value?
    var names: [String] = []
  }

  private static func members(
    _ scanner: inout JSONScanner, _ isArray: Bool
  ) throws(JSONScanner.Failure) -> Members {
    var members = Members()
    try scanner.skipSpace()
    try scanner.object { (name, scanner) throws(JSONScanner.Failure) in
      switch name {
      case textColumn:
        guard members.text == nil else { throw scanner.failure("the member \"text\" occurs twice") }
        members.text = try scanner.value()
      case labelColumn:
        guard members.label == nil else {
          throw scanner.failure("the member \"label\" occurs twice")
        }
        members.label = try scanner.value()
      default: try scanner.skipValue()
      }
      if members.names.count < 100 { members.names.append(name) }
    }
    guard !isArray else { return members }
    var previous: UInt8 = 0
    while let byte = scanner.byte, byte != 0x0A {
      if previous == 0x0D, byte == UInt8(ascii: "{") {
        throw scanner.failure(
          "lines end with carriage returns (\\r) only; convert them to line feeds "
            + "(tr '\\r' '\\n' or dos2unix -c mac)")
      }
      previous = byte
      guard byte == 0x20 || byte == 0x09 || byte == 0x0D else {
        throw scanner.failure(
          "\(scanner.excerpt(scanner.offset..<scanner.offset + 24)) follows the record; write each "
            + "record on its own line, without a comma")
      }
      scanner.skipByte()
    }
    return members
  }

  /// Returns the offsets and lines of the objects of an array.
  private static func elements(
    _ bytes: UnsafeRawBufferPointer, from first: Int, line: Int
  ) throws(JSONScanner.Failure) -> [(offset: Int, line: Int)] {
    var scanner = JSONScanner(bytes, from: first + 1)
    var starts: [(offset: Int, line: Int)] = []
    var line = line
    var counted = first
    try scanner.skipSpace()
    var isDone = scanner.skip("]")
    while !isDone {
      line += bytes[counted..<scanner.offset].count { $0 == 0x0A }
      counted = scanner.offset
      guard scanner.byte == UInt8(ascii: "{") else {
        throw scanner.failure(
          "an element of the array is \(scanner.excerpt(scanner.offset..<scanner.offset + 24)), "
            + "not an "
            + "object {\"text\": …, \"label\": …}")
      }
      starts.append((scanner.offset, line))
      try scanner.skipValue()
      try scanner.skipSpace()
      isDone = scanner.skip("]")
      if isDone { break }
      guard scanner.skip(",") else {
        throw scanner.failure(
          scanner.byte == nil
            ? "the file ends inside the array; copy it again"
            : "expected a comma or \"]\" between records, not "
              + scanner.excerpt(scanner.offset..<scanner.offset + 24))
      }
      try scanner.skipSpace()
    }
    try scanner.skipSpace()
    guard scanner.byte == nil else {
      throw scanner.failure(
        "\(scanner.excerpt(scanner.offset..<scanner.offset + 24)) follows the array; keep one "
          + "array "
          + "per file")
    }
    return starts
  }

  private static func label(_ value: JSONScanner.Value, _ bytes: MappedBytes) -> LabelValue {
    switch value {
    case .null: .null
    case .boolean(let value): .boolean(value)
    case .number(let text):
      Int64(text).map { .integer($0) } ?? .real(Double(text) ?? .nan, text: text)
    case .string(let text): .text(text)
    case .other: .other(excerpt(value, bytes))
    }
  }

  private static func excerpt(_ value: JSONScanner.Value, _ bytes: MappedBytes) -> String {
    switch value {
    case .null: "null"
    case .boolean(let value): "\(value)"
    case .number(let text): MessageText.shortened(text)
    case .string(let text): MessageText.quoted(text)
    case .other(let range):
      bytes.with(range.lowerBound..<min(range.upperBound, range.lowerBound + 400)) {
        MessageText.shortened(String(decoding: $0, as: UTF8.self))
      }
    }
  }

  private static func error(
    _ failure: JSONScanner.Failure, _ bytes: UnsafeRawBufferPointer, _ path: String, row: Int?
  ) -> DataLoadingError {
    let end = min(failure.offset, bytes.count)
    let column = JSONScanner(bytes).column(end)
    return DataLoadingError(
      .malformedFile, "byte \(column): \(failure.message)", path: path,
      line: 1 + bytes[..<end].count { $0 == 0x0A }, row: row)
  }
}
