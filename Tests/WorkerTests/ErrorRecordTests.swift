import FoundationEssentials
import Support
import Synchronization
import Testing
import Worker

@Suite struct ErrorRecordTests {
  @Test func aRecordIsWrittenAndRead() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let record = ErrorRecord(
      message: "TorchError: \"sizes\" differ\n\tat line 3 \u{1F4A5}", callStack: "train.swift:12",
      time: Date(timeIntervalSince1970: 1_763_683_200), errorCode: 3)
    try record.write(toFile: path)
    #expect(try ErrorRecord(contentsOfFile: path) == record)
  }

  @Test func theFormatIsTorchelastics() {
    let record = ErrorRecord(
      message: "ValueError: boom", callStack: "Traceback",
      time: Date(timeIntervalSince1970: 1_763_683_200.9))
    #expect(
      String(decoding: record.json, as: UTF8.self)
        == #"{"message":{"extraInfo":{"py_callstack":"Traceback","timestamp":"1763683200"},"#
        + #""message":"ValueError: boom"}}"#)
  }

  @Test func recordsOfPythonAreRead() {
    let record = ErrorRecord(
      json: Array(
        #"""
        {"message": {"message": "RuntimeError: caf\u00e9", "extraInfo": {"py_callstack":
        "Traceback (most recent call last):\n  File \"a.py\", line 3\nRuntimeError: caf\u00e9\n",
        "timestamp": "1763683200"}}}
        """#.utf8))
    #expect(record.message == "RuntimeError: café")
    #expect(record.callStack?.hasPrefix("Traceback (most recent call last):\n") == true)
    #expect(record.time == Date(timeIntervalSince1970: 1_763_683_200))
    #expect(record.errorCode == nil)
  }

  @Test(
    arguments: [
      (#"{"message": "plain", "timestamp": 12}"#, "plain", 12.0, nil),
      (#"{"message": {"message": "x", "errorCode": -9}}"#, "x", nil, -9),
      (#"{"message": {"message": "x", "extraInfo": {"timestamp": 1.5}}}"#, "x", 1.5, nil),
      (#"{"message": {"message": "x", "extraInfo": "none"}, "more": [1, null]}"#, "x", nil, nil),
      (#"{"message": {"other": 1}}"#, #"{"message": {"other": 1}}"#, nil, nil),
      ("Segmentation fault", "Segmentation fault", nil, nil),
      (#"{"message": {"mess"#, #"{"message": {"mess"#, nil, nil),
      ("[]", "[]", nil, nil),
    ] as [(String, String, Double?, Int32?)])
  func variantsOfTheFormatAreRead(
    json: String, message: String, seconds: Double?, code: Int32?
  ) {
    let record = ErrorRecord(json: Array(json.utf8))
    #expect(record.message == message)
    #expect(record.time == seconds.map { Date(timeIntervalSince1970: $0) })
    #expect(record.errorCode == code)
  }

  @Test func invalidTextBecomesTheMessage() {
    #expect(ErrorRecord(json: [0xFF, 0x41]).message == "\u{FFFD}A")
  }

  @Test func theMessageNamesTheErrorsType() {
    struct Boom: Error, CustomStringConvertible { var description: String { "it broke" } }
    #expect(ErrorRecord(Boom()).message == "Boom: it broke")
  }

  @Test func writingReplacesTheFileAndLeavesNoOther() throws {
    let folder = temporaryPath()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try ErrorRecord(message: "first").write(toFile: folder + "/error.json")
    try ErrorRecord(message: "second").write(toFile: folder + "/error.json")
    #expect(try ErrorRecord(contentsOfFile: folder + "/error.json").message == "second")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["error.json"])
  }

  // MARK: The first record

  @Test func theFirstRecordIsKept() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(try ErrorRecord(message: "first").writeFirst(toFile: path))
    for _ in 0..<3 { #expect(try !ErrorRecord(message: "later").writeFirst(toFile: path)) }
    #expect(try ErrorRecord(contentsOfFile: path).message == "first")
  }

  @Test func ofManyThreadsExactlyOneWritesItsRecord() throws {
    let folder = temporaryPath()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for trial in 0..<20 {
      let path = "\(folder)/error-\(trial).json"
      let writers = Mutex<[Int]>([])
      let threads = try (0..<8).map { number in
        try NativeThread.start {
          let isWritten = try? ErrorRecord(message: "\(number)").writeFirst(toFile: path)
          if isWritten == true { writers.withLock { $0.append(number) } }
        }
      }
      for thread in threads { thread.join() }
      let written = writers.withLock { $0 }
      #expect(written.count == 1)
      #expect(try ErrorRecord(contentsOfFile: path).message == written.first.map { "\($0)" })
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 20)
  }

  @Test func aRecordOfAnEarlierRunIsReplaced() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try ErrorRecord(message: "of an earlier run").write(toFile: path)
    let past = Date(timeIntervalSinceNow: -864_000)
    try FileManager.default.setAttributes([.modificationDate: past], ofItemAtPath: path)
    #expect(try ErrorRecord(message: "first").writeFirst(toFile: path))
    #expect(try !ErrorRecord(message: "later").writeFirst(toFile: path))
    #expect(try ErrorRecord(contentsOfFile: path).message == "first")
  }

  @Test func anEmptyFileIsReplaced() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    #expect(try ErrorRecord(message: "first").writeFirst(toFile: path))
    #expect(try ErrorRecord(contentsOfFile: path).message == "first")
  }

  /// The launcher may write the record of a worker that it saw crash; it keeps that of the worker.
  @Test func aRecordOfAnotherProcessOfThisRunIsKept() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try ErrorRecord(message: "of a child process").write(toFile: path)
    #expect(try !ErrorRecord(message: "later").writeFirst(toFile: path))
    #expect(try ErrorRecord(contentsOfFile: path).message == "of a child process")
  }

  // MARK: Blame

  @Test(arguments: [nil, [], [1], [0, 3, 4095]])
  func blamedRanksAreWrittenBesideTorchelasticsFields(ranks: [Int]?) throws {
    let record = ErrorRecord(
      message: "x", time: Date(timeIntervalSince1970: 1_763_683_200), blamedRanks: ranks)
    let text = String(decoding: record.json, as: UTF8.self)
    #expect(ErrorRecord(json: record.json) == record)
    #expect(text.contains(#""message":{"extraInfo":{"timestamp":"1763683200"},"message":"x"}"#))
    #expect(text.contains("lockstep") == (ranks != nil))
  }

  @Test(arguments: [
    #"{"message": "x", "lockstep": {"blamedRanks": "1"}}"#, #"{"message": "x", "lockstep": [1]}"#,
    #"{"message": "x", "lockstep": {}}"#, #"{"message": "x", "lockstep": null}"#,
    #"{"message": "x", "blamedRanks": [1]}"#,
  ])
  func otherFormsOfTheFieldAreIgnored(json: String) {
    #expect(ErrorRecord(json: Array(json.utf8)).blamedRanks == nil)
  }

  @Test func anErrorOfAPeerIsRecordedAsOne() {
    struct Lost: PeerError { var blamedRanks: [Int]? { [2] } }
    struct Other: Error {}
    #expect(ErrorRecord(Lost()).blamedRanks == [2])
    #expect(ErrorRecord(Other()).blamedRanks == nil)
  }

  @Test func readAndWriteErrorsNameTheFile() {
    let path = temporaryPath() + "/error.json"
    #expect {
      try ErrorRecord(message: "x").write(toFile: path)
    } throws: {
      ($0 as? WorkerError)?.code == .unwritable && "\($0)".contains(path)
    }
    #expect {
      try ErrorRecord(contentsOfFile: path)
    } throws: {
      ($0 as? WorkerError)?.code == .unreadable && "\($0)".contains(path)
    }
  }

  @Test func anEmptyFileIsAnError() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    #expect {
      try ErrorRecord(contentsOfFile: path)
    } throws: {
      ($0 as? WorkerError)?.code == .empty
    }
  }

  private func temporaryPath() -> String {
    FileManager.default.temporaryDirectory.path + "/lockstep-record-\(UUID().uuidString)"
  }
}
