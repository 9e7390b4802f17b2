import Foundation
import Testing
import Torch

/// The pickle of a tensor; a test passes invalid parts.
private func tensor(
  storage: String = "FloatStorage", key: String = "0", count: [Int] = [0x4B, 4],
  offset: [Int] = [0x4B, 0], shape: [Int] = [0x4B, 4, 0x85], strides: [Int] = [0x4B, 1, 0x85],
  requiresGrad: [Int] = [0x89]
) -> [UInt8] {
  pickle(
    "ctorch._utils\n_rebuild_tensor_v2\n((X", [7, 0, 0, 0], "storagectorch\n\(storage)\nX",
    [1, 0, 0, 0], key, "X", [3, 0, 0, 0], "cpu", count, "tQ", offset, shape, strides, requiresGrad,
    "ccollections\nOrderedDict\n)RtR")
}

private let memory: [String: [UInt8]] = ["0": Array(repeating: 1, count: 16)]

private let version = ("x/version", Array("3\n".utf8))

/// LONG1 of 2⁴².
private let hugeCount = [0x8A, 6, 0, 0, 0, 0, 0, 4]

/// LONG1 of 2⁶².
private let huge = [0x8A, 8, 0, 0, 0, 0, 0, 0, 0, 0x40]

@Suite struct PyTorchFileDamageTests {
  private func expectInvalid(_ archive: TestArchive, _ reason: String) {
    #expect { try PyTorchFile.read(path: archive.path) } throws: { error in
      (error as? TorchError)?.code == .invalidFile && "\(error)".contains(archive.path)
        && "\(error)".contains(reason)
    }
  }

  /// No function that a pickle refers to is called.
  @Test(arguments: [
    "cos\nsystem\nX", "cposix\nsystem\nX", "cbuiltins\neval\nX", "c__builtin__\nexec\nX",
    "cbuiltins\ngetattr\nX", "csubprocess\nPopen\nX", "cnumpy.core.multiarray\n_reconstruct\nX",
    "ctorch.serialization\nload\nX", "ctorch._utils\n_rebuild_tensor_v2.x\nX",
    "ctorch._utils._rebuild_tensor_v2\n\nX", "ctorch\nhalf\nX", "c\u{1B}[2J\nsystem\nX",
  ])
  func functionsOfAPickleAreNeverCalled(start: String) throws {
    let archive = try TestArchive()
    let command = "touch \(archive.folder)/pwned"
    try archive.write(
      pickle: pickle(start, [command.utf8.count, 0, 0, 0], command, [0x85], "R"))
    expectInvalid(archive, "no code of the file was executed")
    #expect(!FileManager.default.fileExists(atPath: "\(archive.folder)/pwned"))
    #expect(throws: TorchError.self) { try PyTorchFile.read(path: archive.path) }
  }

  @Test(arguments: [
    (pickle("K", [1], "K", [2], "R"), "calls a value that is not a function"),
    (pickle("]K", [1], [0x85], "b"), "sets attributes"),
    (pickle("K", [1], "}b"), "sets attributes"),
    (pickle("ccollections\nOrderedDict\nK", [1], [0x85], "R"), "with arguments"),
    (pickle("ctorch\nFloatStorage\n)R"), "with arguments"),
    (pickle("h", [7]), "the value 7"),
    (pickle("K", [1], "0"), "instruction 0x30"),
    (pickle("K", [1], "(]a"), "from an empty stack"),
    (pickle("e"), "from an empty stack"),
    (pickle("}(K", [1], "u"), "key without a value"),
    (pickle("}]Ns"), "keys are not hashable"),
    (pickle("}]", [0x85], "Ns"), "keys are not hashable"),
    (pickle("}}b"), "sets attributes"),
    (pickle("ctorch\nfloat16\n)R"), "with arguments"),
    (pickle("ctorch\ndevice\nX", [4, 0, 0, 0], "tofu", [0x85], "R"), "with arguments"),
    (pickle("c__builtin__\nset\n]]a", [0x85], "R"), "not hashable"),
    (pickle("T", [1, 0, 0, 0], "a"), "protocol 1"),
    (pickle("I1\n"), "protocol 0"),
    (pickle([0x8B, 1, 0, 0, 0, 1]), "more than 255 bytes"),
    (pickle("U", [1, 0xE9]), "string of Python 2"),
    (pickle(")Na"), "not a list"),
    (pickle("X", [1, 0, 0, 0], [0xFF]), "not valid UTF-8"),
    (pickle("X", [0xFF, 0xFF, 0xFF, 0xFF], "x"), "is truncated"),
    (pickle("N", "N"), "not end with exactly one value"),
    (pickle("(N"), "not end with exactly one value"),
    (pickle(), "not end with exactly one value"),
    ([0x80, 4, 0x95, 2, 0, 0, 0, 0, 0, 0, 0, 0x4E, 0x2E], "protocol 4"),
    ([0x80, 5, 0x95, 2, 0, 0, 0, 0, 0, 0, 0, 0x4E, 0x2E], "protocol 5"),
    (pickle("X", [0, 0, 0, 0], "Q"), "where a tuple is required"),
    (pickle(")Q"), "in a form that torch.save does not write"),
    (pickle("cos"), "truncated inside a name"),
  ])
  func invalidPickleIsRejected(pickle: [UInt8], reason: String) throws {
    let archive = try TestArchive()
    try archive.write(pickle: pickle)
    expectInvalid(archive, reason)
  }

  @Test(arguments: [
    (tensor(key: "1"), "does not contain the storage"),
    (tensor(count: [0x4B, 5]), "has 16 bytes"),
    (tensor(count: [0x4B, 3]), "has 16 bytes"),
    (tensor(count: huge), "has 16 bytes"),
    (tensor(count: [0x4A, 0xFF, 0xFF, 0xFF, 0xFF]), "has 16 bytes"),
    (tensor(storage: "DoubleStorage"), "has 16 bytes"),
    (tensor(offset: [0x4B, 1]), "exceeds its storage"),
    (tensor(offset: [0x4A, 0xFF, 0xFF, 0xFF, 0xFF]), "invalid shape"),
    (tensor(offset: huge), "exceeds its storage"),
    (tensor(shape: [0x4B, 5, 0x85]), "exceeds its storage"),
    (tensor(strides: [0x4B, 2, 0x85]), "exceeds its storage"),
    (tensor(strides: huge + [0x85]), "exceeds its storage"),
    (tensor(shape: huge + [0x85]), "exceeds its storage"),
    (tensor(shape: huge + huge + [0x86], strides: [0x29]), "invalid shape"),
    (tensor(shape: huge + huge + [0x86], strides: [0x4B, 0, 0x4B, 0, 0x86]), "invalid shape"),
    (
      tensor(shape: huge + huge + [0x4B, 0, 0x87], strides: huge + huge + huge + [0x87]),
      "invalid shape"
    ),
    (tensor(shape: [0x4A, 0xFF, 0xFF, 0xFF, 0xFF, 0x85]), "invalid shape"),
    (tensor(shape: [0x4E, 0x85]), "are not integers"),
    (tensor(shape: [0x5D]), "invalid shape"),
    (tensor(shape: [0x7D]), "where a tuple is required"),
    (tensor(storage: "IntStorage", requiresGrad: [0x88]), "requires a gradient"),
    (tensor(storage: "ComplexFloatStorage"), "has 16 bytes"),
  ])
  func invalidTensorIsRejected(pickle: [UInt8], reason: String) throws {
    let archive = try TestArchive()
    try archive.write(pickle: tensor(), storages: memory)
    #expect(try PyTorchFile.read(path: archive.path).tensorValue?.shape == [4])
    try archive.write(pickle: pickle, storages: memory)
    expectInvalid(archive, reason)
  }

  /// A small file whose value would be huge: each list contains the previous one ten times.
  @Test func exponentialExpansionIsRejected() throws {
    let archive = try TestArchive()
    var pieces: [Any] = ["]q", [0]]
    for level in 1..<30 {
      pieces.append("](")
      for _ in 0..<10 { pieces += ["h", [level - 1]] as [Any] }
      pieces += ["eq", [level]] as [Any]
    }
    let bytes = pieces.flatMap { piece -> [UInt8] in
      if let text = piece as? String { return Array(text.utf8) }
      return (piece as? [Int] ?? []).map(UInt8.init)
    }
    // The other lists remain on the stack; a tuple takes them off it.
    try archive.write(pickle: [0x80, 2, 0x28] + bytes + [0x74, 0x2E])
    expectInvalid(archive, "save large data as tensors")
  }

  @Test(arguments: [1_000, 200_000])
  func deepNestingIsRejectedWithoutStackOverflow(depth: Int) throws {
    let archive = try TestArchive()
    let lists = Array(repeating: UInt8(ascii: "]"), count: depth)
    let appends = Array(repeating: UInt8(ascii: "a"), count: depth - 1)
    try archive.write(pickle: [0x80, 2] + lists + appends + [0x2E])
    expectInvalid(archive, "nested more than 500 levels deep")
    let tuples = Array(repeating: 0x85 as UInt8, count: depth)
    try archive.write(pickle: [0x80, 2, 0x29] + tuples + [0x2E])
    expectInvalid(archive, "nested more than 500 levels deep")
    let marks = Array(repeating: UInt8(ascii: "("), count: depth)
    try archive.write(pickle: [0x80, 2] + marks + [0x2E])
    expectInvalid(archive, "not end with exactly one value")
  }

  @Test func errorIdentifiesOtherFormats() throws {
    let archive = try TestArchive()
    for (bytes, reason) in [
      ([], "0 bytes"), (Array(repeating: 0, count: 100), "not a zip archive"),
      ([0x80, 0x02] + Array(repeating: 0, count: 100), "before 1.6"),
      (Array("<!DOCTYPE html><html>".utf8), "web page"),
      (Array("\n <html>".utf8), "web page"),
      (Array("version https://git-lfs.github.com/spec/v1\n".utf8), "Git LFS pointer"),
      ([0x1F, 0x8B, 8] + Array(repeating: 0, count: 100), "gzip"),
      ([0x93] + Array("NUMPY".utf8), "NumPy"),
      ([2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8), "Safetensors.read"),
      (Array("hello".utf8), "begins with 68 65 6c 6c"),
      ([0x80, 0x02] + Array("}.".utf8), "torch.save did not write"),
      ([0x50, 0x4B, 3, 4] + Array(repeating: 0, count: 100), "copied only in part"),
    ] as [([UInt8], String)] {
      try archive.write(Data(bytes))
      expectInvalid(archive, reason)
    }
    let none = pickle("N")
    try archive.write(records: [("x/data.pkl", none), version])
    #expect(try PyTorchFile.read(path: archive.path).isNone)
    for (records, reason) in [
      ([], "empty zip archive"),
      ([version], "without the record data.pkl"),
      ([("x/data.pkl", none), version, version], "twice"),
      ([("x/data.pkl", none)], "record version is missing"),
      ([("x/data.pkl", none), ("x/version", Array("11\n".utf8))], "format version"),
      ([("x/data.pkl", none), version, ("x/byteorder", Array("middle".utf8))], "byte order"),
      ([("x/data.pkl", none), version, ("x/constants.pkl", none)], "TorchScript"),
    ] as [([(String, [UInt8])], String)] {
      try archive.write(records: records)
      expectInvalid(archive, reason)
    }
    try archive.write(records: [("x/data.pkl", none), version], method: 8)
    expectInvalid(archive, "cannot be decompressed")
    try archive.write(records: [("x/data.pkl", none), version], method: 12)
    expectInvalid(archive, "compressed with method 12")
  }

  /// A sparse file may be larger than the disk.
  ///
  /// The sizes that it declares are not trusted.
  @Test func holeInAFileAllocatesNoMemory() throws {
    let archive = try TestArchive()
    let hole: UInt64 = 1 << 42
    try archive.write(
      records: [("x/data.pkl", tensor(storage: "ByteStorage", count: hugeCount)), version])
    // A record of 4 TiB after them, and a central directory that lists it.
    try archive.appendHole("x/data/0", byteCount: hole)
    expectInvalid(archive, "this machine's memory")
    // A central directory of 4 TiB.
    try archive.write(Data([0x50, 0x4B, 3, 4]) + Data(count: 96))
    try archive.appendEnd(directoryAt: 100, byteCount: hole, count: 1)
    expectInvalid(archive, "central directory is longer")
  }

  /// A file truncated at any length is rejected and never crashes the reader.
  @Test func fileTruncatedAtAnyLengthIsRejected() throws {
    let archive = try TestArchive()
    try PyTorchFile.write(sampleValue(), path: archive.path)
    let whole = try archive.data
    for count in 0..<whole.count {
      try archive.write(whole.prefix(count))
      #expect(throws: TorchError.self) { try PyTorchFile.read(path: archive.path) }
    }
  }

  /// A file with any byte changed is rejected, or the byte is not used.
  @Test func changedByteNeverChangesAValue() throws {
    let archive = try TestArchive()
    try PyTorchFile.write(sampleValue(), path: archive.path)
    let whole = try archive.data
    let expected = exactText(sampleValue())
    var rejected = 0
    for position in 0..<whole.count {
      var changed = whole
      changed[position] ^= [0x01, 0x80, 0xFF, 0x15][position % 4]
      try archive.write(changed)
      do throws(TorchError) {
        #expect(exactText(try PyTorchFile.read(path: archive.path)) == expected)
      } catch {
        rejected += 1
      }
    }
    #expect(rejected > 2000)
  }

  /// Random changes of a pickle with a valid checksum, such as by an attacker, never crash the
  /// reader.
  @Test func changedPickleNeverCrashesTheReader() throws {
    let archive = try TestArchive()
    try PyTorchFile.write(sampleValue(), path: archive.path)
    let records = try archive.records
    let pickle = try #require(records.first { $0.name.hasSuffix("/data.pkl") }).bytes
    let others = records.filter { !$0.name.hasSuffix("/data.pkl") }.map { ($0.name, $0.bytes) }
    var random = SplitMix64(state: 1)
    var read = 0
    var rejected = 0
    for _ in 0..<5_000 {
      var changed = pickle
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let position = Int.random(in: changed.indices, using: &random)
        changed[position] = UInt8.random(in: 0...255, using: &random)
      }
      try archive.write(records: [("archive/data.pkl", changed)] + others)
      do throws(TorchError) {
        touch(try PyTorchFile.read(path: archive.path))
        read += 1
      } catch {
        #expect(error.message.contains(archive.path))
        rejected += 1
      }
    }
    #expect(read > 100 && rejected > 100)
  }
}

/// Reads every element, except of huge views that repeat a few elements.
private func touch(_ value: PickleValue) {
  if let tensor = value.tensorValue, tensor.count < 100_000 { tensor.withBytes { _ = $0.max() } }
  for element in value.elements ?? [] { touch(element) }
  for (_, element) in value.entries ?? [] { touch(element) }
  for element in value.opaqueValue?.arguments ?? [] { touch(element) }
}

/// The generator of Steele, Lea and Flood (2014).
private struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
