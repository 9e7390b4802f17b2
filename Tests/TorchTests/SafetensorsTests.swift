import Foundation
import ProcessHarness
import Testing
import Torch

extension TestFolder {
  fileprivate func file() -> String { file("model.safetensors") }

  /// A file of a header and as many bytes of data.
  fileprivate func write(header: String, dataByteCount: Int, headerLength: UInt64? = nil) throws
    -> String
  {
    var data = withUnsafeBytes(of: (headerLength ?? UInt64(header.utf8.count)).littleEndian) {
      Data($0)
    }
    data += Data(header.utf8) + Data(repeating: 1, count: dataByteCount)
    try data.write(to: URL(fileURLWithPath: file()))
    return file()
  }
}

private func sample() -> StateDict {
  [
    "weight": Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]),
    "bytes": Tensor([1, 2, 255] as [UInt8]),
    "flag": Tensor([true]),
    "half": Tensor([1.5, -2] as [Float]).converted(to: .bfloat16),
    "scalar": Tensor(Int64(7)),
    "empty": Tensor(zeros: [0, 4]),
    "ключ \"\\\n": Tensor([0.5] as [Double]),
  ]
}

@Suite struct SafetensorsTests {
  @Test func whatIsWrittenIsReadBackToTheBit() throws {
    let folder = try TestFolder()
    let state = sample()
    try Safetensors.write(state, metadata: ["format": "pt", "note": "a\"b"], path: folder.file())
    let contents = try Safetensors.read(path: folder.file())
    #expect(contents.metadata == ["format": "pt", "note": "a\"b"])
    #expect(contents.tensors.keys.sorted() == state.keys.sorted())
    #expect(contents.tensors.fingerprint == state.fingerprint)
  }

  @Test func equalTensorsMakeEqualFiles() throws {
    let folder = try TestFolder()
    try Safetensors.write(sample(), path: folder.file("a"))
    try Safetensors.write(sample(), path: folder.file("b"))
    #expect(FileManager.default.contentsEqual(atPath: folder.file("a"), andPath: folder.file("b")))
  }

  @Test func writingToAMappedTensorLeavesTheFileAlone() throws {
    let folder = try TestFolder()
    try Safetensors.write(sample(), path: folder.file())
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
    try Safetensors.read(path: folder.file()).tensors["weight"]?.fillWithZeros()
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())) == before)
  }

  @Test func tensorsAtUnalignedPlacesAreRead() throws {
    let folder = try TestFolder()
    let header = #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    for padding in 0..<4 {
      let path = try folder.write(
        header: header + String(repeating: " ", count: padding), dataByteCount: 4)
      let tensor = try Safetensors.read(path: path).tensors["x"]
      #expect(tensor?.array(of: Float.self) == [Float(bitPattern: 0x0101_0101)])
    }
  }

  @Test(arguments: [
    ("{", 0, "not a JSON object"),
    ("[]", 0, "not a JSON object"),
    ("{}", 3, "3 bytes at its end"),
    (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 4, "only 4 bytes follow"),
    (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "needs 8 bytes, but has 4"),
    (#"{"x":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}"#, 4, "unknown dtype 'F31'"),
    (#"{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, "not a list of sizes"),
    (#"{"x":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#, 4, "not a list of sizes"),
    (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, "not a range"),
    (#"{"x":{"dtype":"F32","shape":[1]}}"#, 4, "lacks dtype, shape or data_offsets"),
    (
      #"{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#, 4,
      "invalid shape"
    ),
    (
      #"{"x":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"#
        + #""y":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#, 4, "overlaps"
    ),
    (
      #"{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
        + #""y":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#, 4, "belong to no tensor"
    ),
    (
      #"{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
        + #""\u0078":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, 1, "'x' twice"
    ),
    (
      #"{"x":{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}}"#, 1, "'dtype' twice"
    ),
  ])
  func damageIsNamed(header: String, dataByteCount: Int, reason: String) throws {
    let folder = try TestFolder()
    let path = try folder.write(header: header, dataByteCount: dataByteCount)
    #expect { try Safetensors.read(path: path) } throws: { error in
      (error as? TorchError)?.code == .invalidFile && "\(error)".contains(path)
        && "\(error)".contains(reason)
    }
  }

  /// A text of a megabyte is looked at once, not once for each of its bytes.
  @Test func longTextsAreRead() throws {
    let folder = try TestFolder()
    let text = String(repeating: "a\\\"{", count: 250_000)
    try Safetensors.write(sample(), metadata: ["note": text], path: folder.file())
    #expect(try Safetensors.read(path: folder.file()).metadata == ["note": text])
  }

  @Test(arguments: [UInt64(100), 1 << 40, .max])
  func aHeaderBeyondTheFileIsDamage(length: UInt64) throws {
    let folder = try TestFolder()
    let path = try folder.write(header: "{}", dataByteCount: 0, headerLength: length)
    #expect { try Safetensors.read(path: path) } throws: { "\($0)".contains("beyond the file") }
  }

  /// Cut at every length, a file is never read as whole and never crashes the reader.
  @Test func aFileCutAnywhereIsDamage() throws {
    let folder = try TestFolder()
    try Safetensors.write(sample(), path: folder.file())
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
    for count in 0..<whole.count {
      try whole.prefix(count).write(to: URL(fileURLWithPath: folder.file("cut")))
      #expect(throws: TorchError.self) { try Safetensors.read(path: folder.file("cut")) }
    }
  }

  /// With any one byte changed, the file is refused or the header still describes it exactly.
  @Test func aChangedByteNeverCrashesTheReader() throws {
    let folder = try TestFolder()
    try Safetensors.write(sample(), path: folder.file())
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
    var refused = 0
    for position in 0..<whole.count {
      var changed = whole
      changed[position] ^= 0x15
      try changed.write(to: URL(fileURLWithPath: folder.file("changed")))
      do {
        for (_, tensor) in try Safetensors.read(path: folder.file("changed")).tensors {
          #expect(tensor.withBytes { $0.count } == tensor.byteCount)
        }
      } catch {
        refused += 1
      }
    }
    #expect(refused > 100)
  }

  @Test func aMissingFileAndAFolderAreNamed() throws {
    let folder = try TestFolder()
    #expect { try Safetensors.read(path: folder.file()) } throws: {
      ($0 as? TorchError)?.code == .inputOutput && "\($0)".contains(folder.file())
    }
    #expect { try Safetensors.read(path: folder.path) } throws: { "\($0)".contains("not a file") }
  }

  @Test func aFailedWriteLeavesTheEarlierFile() throws {
    let folder = try TestFolder()
    try Safetensors.write(sample(), path: folder.file())
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
    // The temporary file's place is taken by a folder, so it can't be made.
    let taken = "\(folder.file()).partial"
    try FileManager.default.createDirectory(atPath: taken, withIntermediateDirectories: true)
    #expect { try Safetensors.write(["x": Tensor(1.0)], path: folder.file()) } throws: {
      ($0 as? TorchError)?.code == .inputOutput && "\($0)".contains(folder.file())
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())) == before)
  }

  @Test func whatAKilledWriterLeftIsClearedAway() throws {
    let folder = try TestFolder()
    let left = URL(fileURLWithPath: "\(folder.file()).partial")
    try Data(repeating: 7, count: 100_000).write(to: left)
    try Safetensors.write(["a": Tensor([1.0, 2])], path: folder.file())
    #expect(
      try Safetensors.read(path: folder.file()).tensors["a"]?.array(of: Double.self) == [1, 2])
    #expect(!FileManager.default.fileExists(atPath: left.path))
  }

  @Test func twoWritersNeverMix() throws {
    let folder = try TestFolder()
    let other = open("\(folder.file()).partial", O_WRONLY | O_CREAT, 0o644)
    try #require(other >= 0 && flock(other, LOCK_EX) == 0)
    defer { close(other) }
    #expect {
      try Safetensors.write(["a": Tensor([1.0])], path: folder.file())
    } throws: { "\($0)".contains("another process") }
  }

  /// A limit on the size of files stands in for a full disk: the write comes back short.
  @Test func aFullDiskLeavesTheEarlierFileAndNoOther() async {
    await #expect(processExitsWith: .success) {
      let folder = try TestFolder()
      try Safetensors.write(sample(), path: folder.file())
      let before = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 4096, rlim_max: rlim_t.max)
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      #expect(throws: TorchError.self) {
        try Safetensors.write(["x": Tensor(zeros: [100_000])], path: folder.file())
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())) == before)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
    }
  }
}
