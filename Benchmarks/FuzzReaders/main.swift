import DataLoading
import Foundation

// Reads damaged files, to be built with --sanitize=address:
//
//   swift run --sanitize=address FuzzReaders FORMAT COUNT SEED FILE...
//
// FORMAT is arrow, parquet, csv, jsonl or rows (cached data). Each round takes one of the files, cuts it off or
// changes some bytes, and reads all of what comes out: a typed error or values, never a crash. Prints how many were
// read and how many refused, and the most memory used.

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
    let table =
      format == "arrow"
      ? try ColumnTable(arrowFiles: [path]) : try ColumnTable(parquetFiles: [path])
    for index in 0..<min(table.count, 100_000) {
      for column in table.columns.indices { _ = table[index][column] }
    }
  case "csv":
    let table = try DelimitedTable(contentsOf: path)
    for index in 0..<table.count { _ = table.columns.indices.map { table[index][$0] } }
  case "jsonl":
    let lines = try JSONLines(of: AnyJSON.self, contentsOf: path)
    for index in 0..<lines.count { _ = try lines[index] }
  case "rows":
    let rows = try CachedDataset<LabeledTokens>(contentsOf: path)
    for index in 0..<rows.count { _ = try rows[index] }
  default: throw Failure(message: "no format \(format)")
  }
}

func damaged(_ bytes: [UInt8], _ random: inout some RandomNumberGenerator) -> [UInt8] {
  var bytes = bytes
  if bytes.isEmpty || Int.random(in: 0..<8, using: &random) == 0 {
    return Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
  }
  for _ in 0..<Int.random(in: 1...8, using: &random) {
    let place = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 2: bytes[place] = [0, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
    default:
      for index in place..<min(place + 4, bytes.count) { bytes[index] = 0xFF }
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
guard arguments.count >= 5, let count = Int(arguments[2]), let seed = UInt64(arguments[3]) else {
  throw Failure(message: "usage: FuzzReaders FORMAT COUNT SEED FILE...")
}
let originals = try arguments[4...].map { Array(try Data(contentsOf: URL(filePath: $0))) }
let path = FileManager.default.temporaryDirectory.appending(path: "fuzz-\(UUID())").path
defer { try? FileManager.default.removeItem(atPath: path) }
var random = SplitMix(state: seed)
var refused = 0
for round in 0..<count {
  let bytes = damaged(originals[round % originals.count], &random)
  try Data(bytes).write(to: URL(filePath: path))
  do {
    try read(arguments[1], path)
  } catch is DataLoadingError {
    refused += 1
  }
}
var usage = rusage()
getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
print("\(arguments[1]): \(count) files, \(refused) refused, at most \(usage.ru_maxrss / 1024) MiB")
