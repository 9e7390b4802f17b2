import Foundation
import Testing
import Torch

/// Files in the formats of PyTorch before 1.6.
@Suite struct OldFormatTests {
  private let archive: TestArchive

  init() throws { archive = try TestArchive() }

  private static let magic: [UInt8] = pickle(
    [0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19])
  private static let version: [UInt8] = pickle("M", [0xE9, 3])

  /// A tensor of PyTorch before 0.4, in a storage of floats.
  private func tensor(
    _ key: String = "0", count: Int = 4, offset: Int = 0, shape: [Int] = [4], strides: [Int] = [1],
    view: [UInt8] = [0x4E]
  ) -> [UInt8] {
    func tuple(_ numbers: [Int]) -> [UInt8] {
      instructions(["(", numbers.flatMap { [0x4B, $0] }, "t"])
    }
    return instructions([
      "ctorch._utils\n_rebuild_tensor\n((", text("storage"), "ctorch\nFloatStorage\n", text(key),
      text("cpu"), "K", [count], view, "tQK", [offset], tuple(shape), tuple(strides), "tR",
    ])
  }

  private func view(_ key: String, _ offset: Int, _ count: Int) -> [UInt8] {
    instructions([text(key), "K", [offset], "K", [count, 0x87]])
  }

  private func data(_ elements: [Float]) -> [UInt8] {
    let count = withUnsafeBytes(of: Int64(elements.count).littleEndian) { Array($0) }
    return count
      + elements.flatMap { element in
        withUnsafeBytes(of: element.bitPattern.littleEndian) { Array($0) }
      }
  }

  /// Writes a file of pickles and storages.
  private func write(
    _ value: [UInt8], keys: [String] = ["0"], _ data: [UInt8], magic: [UInt8] = magic,
    version: [UInt8] = version
  ) throws {
    let keys = pickle("](", keys.flatMap(text), "e")
    try archive.write(Data(magic + version + pickle("}") + value + keys + data))
  }

  private func expectInvalid(_ reason: String) {
    #expect { try PyTorchFile.read(path: archive.path) } throws: { error in
      (error as? TorchError)?.code == .invalidFile && "\(error)".contains(reason)
    }
  }

  @Test func tensorsAreReadAfterTheirPickle() throws {
    try write(
      pickle(
        "}(", text("a"), tensor(), text("b"), tensor(offset: 1, shape: [2], strides: [2]),
        text("c"), tensor("1", count: 2, shape: [2]), "u"),
      keys: ["1", "0"], data([7, 8]) + data([1, 2, 3, 4]))
    let value = try PyTorchFile.read(path: archive.path)
    #expect(value["a"]?.tensorValue?.array(of: Float.self) == [1, 2, 3, 4])
    #expect(value["b"]?.tensorValue?.array(of: Float.self) == [2, 4])
    #expect(value["c"]?.tensorValue?.array(of: Float.self) == [7, 8])
  }

  @Test func tensorsShareTheirStorage() throws {
    try write(
      pickle(tensor(), tensor(offset: 2, shape: [2]), [0x86]), data([1, 2, 3, 4]))
    let value = try PyTorchFile.read(path: archive.path)
    try #require(value[0]?.tensorValue).zero_()
    #expect(value[1]?.tensorValue?.array(of: Float.self) == [0, 0])
  }

  @Test func partOfAStorageBeginsAtItsOffset() throws {
    let part = tensor(offset: 1, shape: [1], view: view("part", 1, 2))
    try write(pickle(part, tensor(), [0x86]), data([1, 2, 3, 4]))
    let value = try PyTorchFile.read(path: archive.path)
    #expect(value[0]?.tensorValue?.array(of: Float.self) == [3])
    #expect(value[1]?.tensorValue?.array(of: Float.self) == [1, 2, 3, 4])
  }

  /// The elements follow the pickle, so they are negated after they are read.
  @Test func negatedTensorHasNegatedElements() throws {
    let negative = instructions([
      "ctorch._utils\n_rebuild_tensor_v2\n((", text("storage"), "ctorch\nFloatStorage\n", text("0"),
      text("cpu"), "K", [2], "NtQK", [0], "K", [2, 0x85], "K", [1, 0x85, 0x89],
      "ccollections\nOrderedDict\n)R}", text("neg"), [0x88], "stR",
    ])
    try write(pickle(negative), data([1, -2]))
    let value = try PyTorchFile.read(path: archive.path)
    #expect(value.tensorValue?.array(of: Float.self) == [-1, 2])
  }

  /// Python 2 wrote an OrderedDict as a list of lists, and its keys as bytes.
  @Test func dictionaryOfPython2IsRead() throws {
    try write(
      pickle(
        "ccollections\nOrderedDict\n](](U", [1], "b", tensor(), "e](U", [1], "aNee", [0x85], "R"),
      data([1, 2, 3, 4]))
    let value = try PyTorchFile.read(path: archive.path)
    #expect(value.entries?.map(\.key.stringValue) == ["b", "a"])
    #expect(value["b"]?.tensorValue?.count == 4 && value["a"]?.isNone == true)
  }

  /// PyTorch before 0.4 created an empty tensor or parameter, and set its memory afterwards.
  @Test func stateOfATensorIsSet() throws {
    let storage = instructions([
      "(", text("storage"), "ctorch\nFloatStorage\n", text("0"), text("cpu"), "K", [4], "NtQ",
    ])
    let old = instructions([
      "ctorch\nFloatTensor\n)R(", storage, "K", [1], "K", [2, 0x85], "K", [1, 0x85], "tb",
    ])
    let parameter = instructions([
      "ctorch.nn.parameter\nParameter\n)", [0x81], "(", tensor(), "N",
      "ccollections\nOrderedDict\n)R",
      [0x88, 0x89], "tb",
    ])
    try write(pickle(old, parameter, [0x86]), data([1, 2, 3, 4]))
    let value = try PyTorchFile.read(path: archive.path)
    #expect(value[0]?.tensorValue?.array(of: Float.self) == [2, 3])
    #expect(value[1]?.tensorValue?.array(of: Float.self) == [1, 2, 3, 4])
    #expect(value[0]?.tensorValue?.requiresGrad == false)
    #expect(value[1]?.tensorValue?.requiresGrad == true)
  }

  @Test func damageIsNamed() throws {
    try write(pickle(tensor()), data([1, 2, 3, 4]).dropLast())
    expectInvalid("truncated")
    try write(pickle(tensor()), data([1, 2, 3]))
    expectInvalid("has 3 elements, but its pickle declares 4")
    try write(pickle(tensor()), keys: [], [])
    expectInvalid("does not contain the storage '0'")
    try write(pickle(tensor()), keys: ["1"], data([1, 2, 3, 4]))
    expectInvalid("no tensor refers to: '1'")
    try write(pickle(tensor(view: view("part", 3, 2))), data([1, 2, 3, 4]))
    expectInvalid("extends beyond the storage")
    try write(pickle(tensor(offset: 1)), data([1, 2, 3, 4]))
    expectInvalid("exceeds its storage")
    try write(pickle("N"), keys: [], [], version: pickle("M", [0xEA, 3]))
    expectInvalid("protocol version")
    try write(pickle("N"), keys: [], [], magic: pickle("K", [1]))
    expectInvalid("torch.save did not write")
    try write(pickle("}", text("a"), "cos\nsystem\n", text("true"), [0x85], "Rs"), keys: [], [])
    expectInvalid("at ['a'], it contains 'os.system'")
  }

  @Test func fileTruncatedAtAnyLengthIsRejected() throws {
    try write(
      pickle("}(", text("a"), tensor(), text("b"), tensor("1"), "u"), keys: ["0", "1"],
      data([1, 2, 3, 4]) + data([1, 2, 3, 4]))
    let whole = try archive.data
    for count in 0..<whole.count {
      try archive.write(whole.prefix(count))
      #expect(throws: TorchError.self) { try PyTorchFile.read(path: archive.path) }
    }
  }

  // MARK: tar

  private func member(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at position: Int) {
      header.replaceSubrange(position..<position + text.utf8.count, with: Array(text.utf8))
    }
    put(name, at: 0)
    put(String(String(bytes.count, radix: 8)), at: 124)
    put("        ", at: 148)
    put("0", at: 156)
    put(String(header.reduce(0) { $0 + Int($1) }, radix: 8) + "\0", at: 148)
    return header + bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
  }

  private func integers(_ integers: [Int64]) -> [UInt8] {
    integers.flatMap { integer in withUnsafeBytes(of: integer.littleEndian) { Array($0) } }
  }

  private func tar(tensors: [UInt8]? = nil, pickle value: [UInt8]) -> [UInt8] {
    let storages =
      pickle("K", [1]) + pickle("K", [10], text("cpu"), "ctorch\nFloatStorage\n", [0x87])
      + data([1, 2, 3, 4]) + pickle("]((K", [11], "K", [10], "K", [1], "K", [2], "te")
    let all =
      pickle("K", [1]) + pickle("K", [20], "K", [11], "ctorch\nFloatTensor\n", [0x87])
      + [1, 0, 0, 0, 0, 0, 0, 0] + integers([2, 1, 0])
    return member("storages", storages) + member("tensors", tensors ?? all)
      + member("pickle", value)
      + [UInt8](repeating: 0, count: 1024)
  }

  @Test func tarArchiveIsRead() throws {
    try archive.write(
      Data(tar(pickle: pickle("ccollections\nOrderedDict\n)R", text("w"), "K", [20], "Qs"))))
    let value = try PyTorchFile.read(path: archive.path)
    #expect(value["w"]?.tensorValue?.array(of: Float.self) == [2, 3])
  }

  @Test func damageOfATarArchiveIsNamed() throws {
    let value = pickle("K", [20], "Q")
    try archive.write(Data(tar(pickle: pickle("K", [21], "Q"))))
    expectInvalid("does not contain the tensor 21")
    let tensor = pickle("K", [1]) + pickle("K", [20], "K", [11], "N", [0x87])
    try archive.write(
      Data(tar(tensors: tensor + [1, 0, 0, 0, 0, 0, 0, 0] + integers([3, 1, 0]), pickle: value)))
    expectInvalid("exceeds its storage of 2 elements")
    try archive.write(Data(tar(tensors: tensor + [99, 0, 0, 0, 0, 0, 0, 0], pickle: value)))
    expectInvalid("99 dimensions")
    try archive.write(Data(tar(tensors: tensor, pickle: value)))
    expectInvalid("truncated")
    try archive.write(Data(member("data.pkl", value)))
    expectInvalid("without the members")
    try archive.write(Data(tar(pickle: value).prefix(700)))
    expectInvalid("without the members")
    try archive.write(Data(tar(pickle: pickle("cos\nsystem\n", text("true"), [0x85], "R"))))
    expectInvalid("os.system")
  }
}
