import Foundation
import Glibc
import ProcessHarness
import Testing
import Training

@Suite struct JSONLinesFileTests {
  func file(_ folder: TestFolder) throws -> JSONLinesFile {
    try JSONLinesFile(folder.file("metrics.jsonl")) { 12.5 }
  }

  @Test func eachRecordIsOneLine() throws {
    let folder = try TestFolder()
    let file = try file(folder)
    try file.record(hyperparameters: ["epochs": "4"])
    try file.record(["train/loss": 0.1, "a": -0.0], step: 7)
    try file.record(["x": .nan, "y": .infinity, "z": -.infinity], step: 8)
    #expect(
      folder.text("metrics.jsonl") == """
        {"hyperparameters":{"epochs":"4"},"time":12.5}
        {"a":-0,"step":7,"time":12.5,"train/loss":0.1}
        {"step":8,"time":12.5,"x":"NaN","y":"Infinity","z":"-Infinity"}

        """)
  }

  @Test func valuesRoundTripExactly() throws {
    let folder = try TestFolder()
    let file = try file(folder)
    let values = (0..<100).map { _ in Double.random(in: -1...1) * pow(10, .random(in: -300...300)) }
    for value in values { try file.record(["v": value], step: 0) }
    struct Line: Decodable { var v: Double }
    let lines = try (folder.text("metrics.jsonl") ?? "").split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
    #expect(lines.map(\.v) == values)
  }

  /// The file of a killed run may end anywhere in its last line.
  @Test(arguments: [0, 1, 5, 5000, 10_000])
  func resumingRemovesAnIncompleteLastLine(count: Int) throws {
    let folder = try TestFolder()
    let whole = "{\"step\":0}\n{\"step\":1}\n"
    try folder.create("metrics.jsonl", whole + String(repeating: "x", count: count))
    try file(folder).record([:], step: 2)
    #expect(folder.text("metrics.jsonl") == whole + "{\"step\":2,\"time\":12.5}\n")
  }

  @Test func fileWithoutACompleteLineBecomesEmpty() throws {
    let folder = try TestFolder()
    try folder.create("metrics.jsonl", String(repeating: "x", count: 9000))
    _ = try file(folder)
    #expect(folder.text("metrics.jsonl") == "")
  }

  @Test(arguments: ["step", "time"])
  func reservedNamesThrow(name: String) throws {
    let folder = try TestFolder()
    let file = try file(folder)
    let error = #expect(throws: TrainingError.self) { try file.record([name: 1], step: 0) }
    #expect(error?.code == .invalidName)
    #expect(folder.text("metrics.jsonl") == "")
  }

  @Test func fullDiskThrowsAndLeavesNoPartialRecord() async throws {
    await #expect(processExitsWith: .success) {
      signal(SIGXFSZ, SIG_IGN)
      let path = FileManager.default.temporaryDirectory.path + "/full-\(getpid())"
      let file = try JSONLinesFile(path) { 1 }
      var limit = rlimit(rlim_cur: 100, rlim_max: 100)
      setrlimit(__rlimit_resource_t(1), &limit)  // RLIMIT_FSIZE: writes beyond the limit are short.
      var count = 0
      do {
        while true {
          try file.record(["value": 1], step: 10)
          count += 1
        }
      } catch let error as TrainingError {
        precondition(error.code == .inputOutput)
      }
      let text = try String(contentsOfFile: path, encoding: .utf8)
      unlink(path)
      let line = "{\"step\":10,\"time\":1,\"value\":1}\n"
      precondition(text == String(repeating: line, count: count) && count > 0, text)
    }
  }
}
