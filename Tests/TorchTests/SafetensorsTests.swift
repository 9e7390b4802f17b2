import Foundation
import ProcessHarness
import Testing
import Torch

extension TestFolder {
  fileprivate func file() -> String { file("model.safetensors") }

  /// Writes a file with a header and `dataByteCount` bytes of data.
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
    "half": Tensor([1.5, -2] as [Float]).to(.bfloat16),
    "scalar": Tensor(Int64(7)),
    "empty": Tensor.zeros([0, 4]),
    "ключ \"\\\n": Tensor([0.5] as [Double]),
  ]
}

@Suite struct SafetensorsTests {
  @Test func tensorsRoundTripBitForBit() throws {
    let folder = try TestFolder()
    let state = sample()
    try Safetensors.write(state, metadata: ["format": "pt", "note": "a\"b"], path: folder.file())
    let contents = try Safetensors.read(path: folder.file())
    #expect(contents.metadata == ["format": "pt", "note": "a\"b"])
    #expect(contents.tensors.keys.sorted() == state.keys.sorted())
    #expect(contents.tensors.fingerprint == state.fingerprint)
  }

  @Test func equalTensorsProduceEqualFiles() throws {
    let folder = try TestFolder()
    try Safetensors.write(sample(), path: folder.file("a"))
    try Safetensors.write(sample(), path: folder.file("b"))
    #expect(FileManager.default.contentsEqual(atPath: folder.file("a"), andPath: folder.file("b")))
  }

  @Test func writingToAMappedTensorDoesNotChangeTheFile() throws {
    let folder = try TestFolder()
    try Safetensors.write(sample(), path: folder.file())
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
    try Safetensors.read(path: folder.file()).tensors["weight"]?.zero_()
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())) == before)
  }

  @Test func unalignedTensorsAreRead() throws {
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
    (#"{"x":{"dtype":"F31","shape":[1],"data_offsets":[0,5]}}"#, 4, "only 4 bytes follow"),
    (#"{"x":{"dtype":"F31","shape":[-1],"data_offsets":[0,4]}}"#, 4, "not a list of sizes"),
    (#"{"x":{"dtype":"F4","shape":[1],"data_offsets":[0,3]}}"#, 4, "1 bytes at its end"),
    (#"{"x":{"dtype":7,"shape":[1],"data_offsets":[0,4]}}"#, 4, "lacks dtype"),
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
  func errorDescribesTheDamage(header: String, dataByteCount: Int, reason: String) throws {
    let folder = try TestFolder()
    let path = try folder.write(header: header, dataByteCount: dataByteCount)
    #expect { try Safetensors.read(path: path) } throws: { error in
      (error as? TorchError)?.code == .invalidFile && "\(error)".contains(path)
        && "\(error)".contains(reason)
    }
  }

  /// Tensors are readable beside a tensor of an unknown type.
  @Test(arguments: ["F4", "F6_E2M3", "F6_E3M2", "I4", "F31", "", "q4_k 中"])
  func tensorOfAnotherTypeIsNamedWhenItIsRequired(type: String) throws {
    let folder = try TestFolder()
    let path = try folder.write(
      header: #"{"scales":{"dtype":"\#(type)","shape":[8,3],"data_offsets":[0,12]},"#
        + #""w":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}"#, dataByteCount: 16)
    let contents = try Safetensors.read(path: path)
    #expect(contents.tensors.keys.sorted() == ["w"])
    #expect(contents.otherTypes == ["scales": type])
    #expect(try contents.tensor("w").count == 1)
    #expect { try contents.tensor("scales") } throws: { error in
      (error as? TorchError)?.code == .mismatch && "\(error)".contains("'scales'")
        && "\(error)".contains("'\(type)'")
    }
    #expect { try contents.tensor("missing") } throws: { "\($0)".contains("2 others") }
  }

  @Test(arguments: [
    ("F8_E4M3", DType.float8E4M3FN, 0x38 as UInt8), ("F8_E5M2", .float8E5M2, 0x3C),
    ("F8_E4M3FNUZ", .float8E4M3FNUZ, 0x40), ("F8_E5M2FNUZ", .float8E5M2FNUZ, 0x40),
    ("F8_E8M0", .float8E8M0FNU, 0x7F),
  ])
  func floatOf8BitsIsReadAndConverted(type: String, dtype: DType, one: UInt8) throws {
    let folder = try TestFolder()
    var data = Data(
      try Data(
        contentsOf: URL(
          fileURLWithPath: folder.write(
            header: #"{"x":{"dtype":"\#(type)","shape":[2],"data_offsets":[0,2]}}"#,
            dataByteCount: 2))))
    data[data.count - 2] = one
    data[data.count - 1] = one
    try data.write(to: URL(fileURLWithPath: folder.file()))
    let tensor = try Safetensors.read(path: folder.file()).tensor("x")
    #expect(tensor.dtype == dtype)
    #expect(tensor.to(.float32).array(of: Float.self) == [1, 1])
  }

  @Test func unsignedIntegersAndComplexNumbersRoundTrip() throws {
    let folder = try TestFolder()
    let state: StateDict = [
      "u16": Tensor([0, 65535] as [UInt16]), "u32": Tensor([UInt32.max]),
      "u64": Tensor([UInt64.max, 1]), "c64": Tensor([1, -2] as [Float]).to(.complex64),
    ]
    try Safetensors.write(state, path: folder.file())
    let read = try Safetensors.read(path: folder.file()).tensors
    #expect(read.fingerprint == state.fingerprint)
    #expect(read["u64"]?.array(of: UInt64.self) == [.max, 1])
  }

  @Test func typeThatTheFormatLacksIsNamed() throws {
    let folder = try TestFolder()
    let tensor = Tensor([1] as [Double]).to(.complex128)
    #expect { try Safetensors.write(["wide": tensor], path: folder.file()) } throws: { error in
      (error as? TorchError)?.code == .invalidArgument && "\(error)".contains("'wide'")
        && "\(error)".contains("complex128")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file()))
  }

  /// The time to parse a long string is linear in its length.
  @Test func longMetadataIsRead() throws {
    let folder = try TestFolder()
    let text = String(repeating: "a\\\"{", count: 250_000)
    try Safetensors.write(sample(), metadata: ["note": text], path: folder.file())
    #expect(try Safetensors.read(path: folder.file()).metadata == ["note": text])
  }

  @Test(arguments: [UInt64(100), 1 << 40, .max])
  func headerBeyondTheFileIsRejected(length: UInt64) throws {
    let folder = try TestFolder()
    let path = try folder.write(header: "{}", dataByteCount: 0, headerLength: length)
    #expect { try Safetensors.read(path: path) } throws: { "\($0)".contains("beyond the file") }
  }

  /// A file truncated at any length is rejected and never crashes the reader.
  @Test func fileTruncatedAtAnyLengthIsRejected() throws {
    let folder = try TestFolder()
    try Safetensors.write(sample(), path: folder.file())
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
    for count in 0..<whole.count {
      try whole.prefix(count).write(to: URL(fileURLWithPath: folder.file("cut")))
      #expect(throws: TorchError.self) { try Safetensors.read(path: folder.file("cut")) }
    }
  }

  /// A file with any byte changed is rejected, or its header still describes it exactly.
  @Test func changedByteNeverCrashesTheReader() throws {
    let folder = try TestFolder()
    try Safetensors.write(sample(), path: folder.file())
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
    var rejected = 0
    for position in 0..<whole.count {
      var changed = whole
      changed[position] ^= 0x15
      try changed.write(to: URL(fileURLWithPath: folder.file("changed")))
      do {
        for (_, tensor) in try Safetensors.read(path: folder.file("changed")).tensors {
          #expect(tensor.withBytes { $0.count } == tensor.byteCount)
        }
      } catch {
        rejected += 1
      }
    }
    #expect(rejected > 100)
  }

  @Test func errorNamesAMissingFileAndAFolder() throws {
    let folder = try TestFolder()
    #expect { try Safetensors.read(path: folder.file()) } throws: {
      ($0 as? TorchError)?.code == .inputOutput && "\($0)".contains(folder.file())
    }
    #expect { try Safetensors.read(path: folder.path) } throws: {
      "\($0)".contains("not a regular file")
    }
  }

  @Test func failedWriteKeepsTheExistingFile() throws {
    let folder = try TestFolder()
    try Safetensors.write(sample(), path: folder.file())
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
    // A folder has the name of the temporary file, so that the file cannot be created.
    let temporary = "\(folder.file()).partial"
    try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
    #expect { try Safetensors.write(["x": Tensor(1.0)], path: folder.file()) } throws: {
      ($0 as? TorchError)?.code == .inputOutput && "\($0)".contains(folder.file())
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())) == before)
  }

  @Test func temporaryFileOfAKilledWriterIsReplaced() throws {
    let folder = try TestFolder()
    let left = URL(fileURLWithPath: "\(folder.file()).partial")
    try Data(repeating: 7, count: 100_000).write(to: left)
    try Safetensors.write(["a": Tensor([1, 2] as [Double])], path: folder.file())
    #expect(
      try Safetensors.read(path: folder.file()).tensors["a"]?.array(of: Double.self) == [1, 2])
    #expect(!FileManager.default.fileExists(atPath: left.path))
  }

  @Test func concurrentWriterIsRejected() throws {
    let folder = try TestFolder()
    let other = open("\(folder.file()).partial", O_WRONLY | O_CREAT, 0o644)
    try #require(other >= 0 && flock(other, LOCK_EX) == 0)
    defer { close(other) }
    #expect {
      try Safetensors.write(["a": Tensor([1] as [Double])], path: folder.file())
    } throws: { "\($0)".contains("another process") }
  }

  /// A limit on the file size simulates a full disk: the write is incomplete.
  @Test func fullDiskKeepsTheExistingFileAndLeavesNoOther() async {
    await #expect(processExitsWith: .success) {
      let folder = try TestFolder()
      try Safetensors.write(sample(), path: folder.file())
      let before = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 4096, rlim_max: rlim_t.max)
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      #expect(throws: TorchError.self) {
        try Safetensors.write(["x": Tensor.zeros([100_000])], path: folder.file())
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())) == before)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
    }
  }
}
