import Foundation
import Tokenizers

// Tokenizes texts like Benchmarks/peer/encode_texts.py, and measures the time:
//
//   tokenize MODEL TEXTS.jsonl [--check EXPECTED]
//   tokenize --grid FOLDER COPIES
//
// TEXTS contains one JSON string per line. Without --check, the program prints the wall-clock and
// the CPU seconds of loading the tokenizer. For each line of standard input it then tokenizes all
// texts once on one thread and prints the CPU seconds and the number of tokens, so that it can
// alternate with the Python program. With --check, the encodings must equal EXPECTED, which
// contains the ids, type ids, mask, offsets and decoded texts of each text. The second form
// compares the tokenizers of all folders that Benchmarks/peer/tokenizer_grid.py wrote, and saves
// each one to COPIES.

struct Failure: Error { var message: String }

let arguments = CommandLine.arguments
if arguments.count == 4, arguments[1] == "--grid" {
  print(try TokenizerGrid(at: arguments[2]).compare(savingTo: arguments[3]))
  exit(0)
}
guard arguments.count == 3 || arguments.count == 5 && arguments[3] == "--check" else {
  throw Failure(message: "usage: tokenize MODEL TEXTS.jsonl [--check EXPECTED]")
}

func lines(_ path: String) throws -> [Data] {
  try Data(contentsOf: URL(filePath: path)).split(separator: UInt8(ascii: "\n")).map { Data($0) }
}

let texts = try lines(arguments[2]).map {
  try JSONDecoder().decode([String].self, from: Data("[".utf8) + $0 + Data("]".utf8))[0]
}

/// The CPU time of this process in seconds; less sensitive to other load than the wall clock.
func cpuSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

let clock = ContinuousClock()
let start = clock.now
let startCPU = cpuSeconds()
let tokenizer = try WordPieceTokenizer(contentsOf: arguments[1])
let load = (clock.now - start) / .seconds(1)
let loadCPU = cpuSeconds() - startCPU

if arguments.count == 5 {
  struct Expected: Decodable {
    var ids: [Int32]
    var types: [Int32]
    var special: [Int32]
    var offsets: [[Int]]
    var text: String
    var all: String
  }
  var differences = 0
  let options = EncodingOptions(maxLength: 512, offsets: true)
  for (text, line) in zip(texts, try lines(arguments[4])) {
    let wanted = try JSONDecoder().decode(Expected.self, from: line)
    let got = try tokenizer.encode(text, options: options)
    let plain = tokenizer.encode(text, maxLength: 512)
    let isEqual =
      got.ids == wanted.ids && plain.ids == wanted.ids && got.typeIDs == wanted.types
      && got.specialTokensMask == wanted.special && got.attentionMask.allSatisfy { $0 == 1 }
      && got.offsets.map { [$0.lowerBound, $0.upperBound] } == wanted.offsets
      && Array(tokenizer.decode(got.ids).utf8) == Array(wanted.text.utf8)
      && Array(tokenizer.decode(got.ids, skipsSpecialTokens: false).utf8) == Array(wanted.all.utf8)
    if isEqual { continue }
    differences += 1
    if differences > 5 { continue }
    print("different: \(text.unicodeScalars.map { String($0.value, radix: 16) })")
    print("  ids \(got.ids == wanted.ids) plain \(plain.ids == wanted.ids)")
    print("  \(got.offsets)\n  \(wanted.offsets)\n  \(tokenizer.decode(got.ids))\n  \(wanted.text)")
  }
  print("\(texts.count) texts, \(differences) different")
  exit(differences == 0 ? 0 : 1)
}

func printLine(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }

printLine("\(load) \(loadCPU)")
while let line = readLine() {
  var tokens = 0
  let options = EncodingOptions(maxLength: 512, offsets: line == "offsets")
  let start = cpuSeconds()
  for text in texts { tokens += try tokenizer.encode(text, options: options).count }
  printLine("\(cpuSeconds() - start) \(tokens)")
}
