import DataLoading
import Foundation

// Reads damaged files. `make fuzz` builds it with --sanitize=address and runs it:
//
//   FuzzReaders FORMAT COUNT SEED [FILE...]
//
// FORMAT is arrow, parquet, csv, jsonl, texts.csv, texts.json, rows (cached data) or idx; arrow and
// parquet require intact files. Each of the COUNT rounds truncates one of the files or changes some
// of its bytes, and reads all of its content. The reader must return values or throw a
// DataLoadingError, and must not crash. Prints the number of damaged files, the number that the
// reader rejected, and the peak memory.

struct Failure: Error { var message: String }

struct AnyJSON: Decodable, Sendable {
  init(from decoder: any Decoder) throws {
    if let list = try? decoder.singleValueContainer().decode([AnyJSON].self) {
      _ = list.count
    } else {
      _ = try? decoder.singleValueContainer().decode(String.self)
    }
  }
}

func read(_ format: String, _ path: String) throws {
  switch format {
  case "arrow", "parquet":
    func open(_ columns: [String]?) throws -> ColumnTable {
      format == "arrow"
        ? try ColumnTable(arrowFiles: [path], columns: columns)
        : try ColumnTable(parquetFiles: [path], columns: columns)
    }
    // In a file with a column `odd`, the other columns may have unsupported types.
    let table = try (try? open(["odd"])) ?? open(nil)
    for index in 0..<min(table.count, 100_000) {
      for column in table.columns.indices { _ = table[index][column] }
    }
  case "csv":
    let table = try DelimitedTable(contentsOf: path)
    for index in 0..<table.count { _ = table.columns.indices.map { table[index][$0] } }
  case "jsonl":
    let lines = try JSONLines(of: AnyJSON.self, contentsOf: path)
    for index in 0..<lines.count { _ = try lines[index] }
  case "texts.csv", "texts.json":
    let folder = "\(path)-texts"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.copyItem(atPath: path, toPath: "\(folder)/train\(format.dropFirst(5))")
    let texts = try LabeledTexts(at: folder, split: "train", classes: ["neg", "pos"])
    for index in 0..<texts.count { _ = try texts[index] }
  case "rows":
    let rows = try CachedDataset<LabeledTokens>(contentsOf: path)
    for index in 0..<rows.count { _ = try rows[index] }
  case "idx": _ = try IDXArray(contentsOf: path)
  default: throw Failure(message: "unknown format \(format)")
  }
}

/// Small intact files, for the formats that this program can generate.
func originals(_ format: String) throws -> [[UInt8]] {
  let texts = ["a \"b\", ä\n漢", "", "x y"]
  switch format {
  case "csv", "texts.csv":
    return [Array("text,label\n\"a \"\"b\"\", ä\n漢\",1\r\n,0\nx y,1\n".utf8)]
  case "jsonl":
    let values = try texts.map { Array(try JSONEncoder().encode(["text": $0, "label": "1"])) }
    return [Array(values.joined(separator: [10])), Array("[[[\"a\"]], \"\\u00e4\"]\n".utf8)]
  case "texts.json":
    let record =
      "{\"label\": 1.0, \"x\": [[], {\"y\": null}, -1e5], \"text\": \"a \\u00e4\\ud83d\\ude00漢\"}"
    return [Array("\(record)\n\(record)\n".utf8), Array("[\(record),\n\(record)]".utf8)]
  case "rows":
    let folder = FileManager.default.temporaryDirectory.appending(path: "fuzz-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let rows = try InMemoryDataset(texts).map(cachedIn: folder.path, key: ContentKey()) {
      LabeledTokens(ids: $0.utf8.map { Int32($0) }, label: $0.count)
    }
    return [Array(try Data(contentsOf: URL(filePath: rows.path)))]
  case "idx":
    let plain: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 3, 0, 0, 0, 4] + Array(0..<12)
    // `plain`, compressed with gzip.
    let packed: [UInt8] = [
      0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x63, 0x60, 0xE0, 0x60, 0x62,
      0x60,
      0x60, 0x60, 0x06, 0x62, 0x16, 0x06, 0x46, 0x26, 0x66, 0x16, 0x56, 0x36, 0x76, 0x0E, 0x4E,
      0x2E,
      0x6E, 0x00, 0x45, 0xD3, 0xC0, 0x84, 0x18, 0x00, 0x00, 0x00,
    ]
    return [plain, packed]
  default: throw Failure(message: "format \(format) requires intact files as arguments")
  }
}

func damaged(_ bytes: [UInt8], _ random: inout some RandomNumberGenerator) -> [UInt8] {
  var bytes = bytes
  if bytes.isEmpty || Int.random(in: 0..<8, using: &random) == 0 {
    return Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
  }
  for _ in 0..<Int.random(in: 1...8, using: &random) {
    let position = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 2: bytes[position] = [0, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
    default:
      for index in position..<min(position + 4, bytes.count) { bytes[index] = 0xFF }
    }
  }
  return bytes
}

struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}

let arguments = CommandLine.arguments
guard arguments.count >= 4, let count = Int(arguments[2]), let seed = UInt64(arguments[3]) else {
  throw Failure(message: "usage: FuzzReaders FORMAT COUNT SEED [FILE...]")
}
let path = FileManager.default.temporaryDirectory.appending(path: "fuzz-\(UUID())").path
defer { try? FileManager.default.removeItem(atPath: path) }
let files = try arguments[4...].map { Array(try Data(contentsOf: URL(filePath: $0))) }
let whole = files.isEmpty ? try originals(arguments[1]) : files
for bytes in whole {
  try Data(bytes).write(to: URL(filePath: path))
  try read(arguments[1], path)
}
var random = SplitMix(state: seed)
var refused = 0
for round in 0..<count {
  let bytes = damaged(whole[round % whole.count], &random)
  try Data(bytes).write(to: URL(filePath: path))
  do {
    try read(arguments[1], path)
  } catch is DataLoadingError {
    refused += 1
  }
}
var usage = rusage()
getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
print("\(arguments[1]): \(count) files, \(refused) rejected, at most \(usage.ru_maxrss / 1024) MiB")
