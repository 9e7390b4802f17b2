import Foundation
import Testing
import Torch

/// A value with everything that a file can contain.
func sampleValue() -> PickleValue {
  let matrix = Tensor((0..<12).map(Float.init), shape: [3, 4])
  let weight = Tensor.full([2, 2], 0.5)
  weight.requiresGrad = true
  let numbers = Tensor([0, 1, 127, 3.25] as [Double])
  return [
    "every type": .list(DType.allCases.map { .tensor(numbers.to($0)) }),
    "matrix": .tensor(matrix), "transposed": .tensor(matrix.transpose(0, 1)),
    "column": .tensor(matrix.select(dim: 1, index: 2)),
    "block": .tensor(
      matrix.narrow(dim: 0, start: 1, length: 2).narrow(dim: 1, start: 1, length: 2)),
    "expanded": .tensor(Tensor([1.5 as Float]).expand([3])),
    "scalar": .tensor(Tensor(Int64(7))), "empty": .tensor(Tensor.zeros([0, 4])),
    "parameter": .tensor(weight), "the same": .tensor(weight),
    "none": nil, "true": true, "false": false, "text": "ключ \"\\\n\u{0}", "no text": "",
    "integers": [
      0, 255, 256, 65535, 65536, -1, -128, -129, 2_147_483_647, 2_147_483_648, -2_147_483_649,
      .int(.max), .int(.min),
    ],
    "floats": [0.0, -0.0, 1.5, .float(.infinity), .float(.nan), .float(.leastNonzeroMagnitude)],
    "tuples": [
      .tuple([]), .tuple([1]), .tuple([1, 2]), .tuple([1, 2, 3]), .tuple([1, 2, 3, 4]),
    ],
    "nested": ["lists": [[], [[1]]], "dictionaries": [:]],
    "keys": [0: "int", -5: "negative", 2.5: "float", nil: "none", "0": "text"],
  ]
}

@Suite struct PyTorchFileTests {
  @Test func valueRoundTripsBitForBit() throws {
    let archive = try TestArchive()
    try PyTorchFile.write(sampleValue(), path: archive.path)
    let value = try PyTorchFile.read(path: archive.path)
    #expect(exactText(value) == exactText(sampleValue()))
  }

  @Test func equalValuesProduceEqualFiles() throws {
    let archive = try TestArchive()
    try PyTorchFile.write(sampleValue(), path: archive.path)
    let other = "\(archive.folder)/other"
    try PyTorchFile.write(sampleValue(), path: other)
    #expect(FileManager.default.contentsEqual(atPath: archive.path, andPath: other))
  }

  @Test func viewsShareMemoryAfterReading() throws {
    let archive = try TestArchive()
    try PyTorchFile.write(sampleValue(), path: archive.path)
    let value = try PyTorchFile.read(path: archive.path)
    try #require(value["matrix"]?.tensorValue).zero_()
    #expect(value["block"]?.tensorValue?.array(of: Float.self) == [0, 0, 0, 0])
    #expect(value["transposed"]?.tensorValue?.abs().max().item == 0)
    // A tensor with two names is read as one tensor.
    let parameter = try #require(value["parameter"]?.tensorValue)
    #expect(try #require(value["the same"]?.tensorValue).isSame(as: parameter))
    #expect(parameter.requiresGrad && parameter.isLeaf)
  }

  /// A shared storage is stored once.
  @Test func sharedStorageIsWrittenOnce() throws {
    let archive = try TestArchive()
    let large = Tensor.zeros([100_000])
    try PyTorchFile.write(
      .list((0..<50).map { .tensor(large.narrow(dim: 0, start: $0, length: 10)) }),
      path: archive.path)
    #expect((400_000..<420_000).contains(try archive.data.count))
  }

  @Test func everyRecordIsAlignedTo64Bytes() throws {
    let archive = try TestArchive()
    try PyTorchFile.write(
      .list((1..<9).map { .tensor(Tensor.full([$0 * 4], 7.0, dtype: .uint8)) }),
      path: archive.path)
    let records = try archive.records
    #expect(records.count(where: { $0.bytes.allSatisfy { $0 == 7 } }) == 8)
    for record in records { #expect(record.start % 64 == 0, "\(record.name)") }
  }

  @Test(arguments: [0, 1, 100, 1000])
  func zip64FieldsAreReadBack(limit: UInt64) throws {
    let archive = try TestArchive()
    try PyTorchFile.write(sampleValue(), path: archive.path, zip64Limit: limit)
    #expect(exactText(try PyTorchFile.read(path: archive.path)) == exactText(sampleValue()))
  }

  @Test func stateDictLoadsIntoAModel() throws {
    let archive = try TestArchive()
    let model = Linear(3, 2)
    try PyTorchFile.write(model.stateDict, path: archive.path)
    let other = Linear(3, 2)
    let state = try PyTorchFile.readStateDict(path: archive.path)
    #expect(state.values.allSatisfy { !$0.requiresGrad })
    #expect(try other.loadStateDict(state) == LoadReport(missingKeys: [], unexpectedKeys: []))
    #expect(other.stateDict.fingerprint == model.stateDict.fingerprint)
  }

  @Test func errorForACheckpointNamesItsKeys() throws {
    let archive = try TestArchive()
    try PyTorchFile.write(
      ["model": .stateDict(Linear(3, 2).stateDict), "epoch": 3], path: archive.path)
    #expect { try PyTorchFile.readStateDict(path: archive.path) } throws: { error in
      (error as? TorchError)?.code == .mismatch && "\(error)".contains(archive.path)
        && "\(error)".contains("model") && "\(error)".contains("epoch")
    }
    let value = try PyTorchFile.read(path: archive.path)
    #expect(value["epoch"]?.intValue == 3)
    #expect(value["model"]?.stateDict?.keys.sorted() == ["bias", "weight"])
  }

  @Test(arguments: [
    ("model", "'model'"), ("it's", "'it\\'s'"), ("a\nb", "'a\\nb'"),
    ("\"quoted\"", "'\\\"quoted\\\"'"), ("", "''"),
    ("module.weight", "'module.weight'"), ("größe", "'größe'"),
  ])
  func keysAreQuotedOnce(key: String, quoted: String) throws {
    let archive = try TestArchive()
    try PyTorchFile.write(
      .dictionary([(.string(key), .int(1)), (.string("epoch"), .int(3))]), path: archive.path)
    let error = #expect(throws: TorchError.self) {
      try PyTorchFile.readStateDict(path: archive.path)
    }
    #expect(
      error?.message.contains("its keys are \(quoted), 'epoch': read") == true,
      "\(error?.message ?? "")")
  }

  @Test func tensorsRemainAfterTheirFileIsOverwritten() throws {
    let archive = try TestArchive()
    try PyTorchFile.write(["x": Tensor([1, 2, 3] as [Float])], path: archive.path)
    let state = try PyTorchFile.readStateDict(path: archive.path)
    try archive.write(Data())
    #expect(state["x"]?.array(of: Float.self) == [1, 2, 3])
  }

  @Test(
    arguments: [
      (["a": 1, "a": 2], "twice"), ([1: "x", true: "y"], "twice"),
      ([[1]: 2], "as keys"), ([.tuple([[]]): 2], "as keys"),
    ] as [(PickleValue, String)])
  func unsupportedValueIsRejected(value: PickleValue, reason: String) throws {
    let archive = try TestArchive()
    #expect { try PyTorchFile.write(value, path: archive.path) } throws: { error in
      (error as? TorchError)?.code == .invalidArgument && "\(error)".contains(reason)
    }
    #expect(!FileManager.default.fileExists(atPath: archive.path))
  }

  @Test func storageSharedByTwoTypesIsRejected() throws {
    let archive = try TestArchive()
    let floats = Tensor([1, 2] as [Float])
    let integers = Operator("aten::view", "dtype").tensor(.tensor(floats), .dtype(.int32))
    #expect {
      try PyTorchFile.write([.tensor(floats), .tensor(integers)], path: archive.path)
    } throws: {
      ($0 as? TorchError)?.code == .invalidArgument && "\($0)".contains("share memory")
    }
  }

  @Test func readerAndWriterHaveTheSameDepthLimit() throws {
    let archive = try TestArchive()
    func nested(_ depth: Int) -> PickleValue {
      (0..<depth).reduce(.list([])) { value, _ in .list([value]) }
    }
    try PyTorchFile.write(nested(500), path: archive.path)
    #expect(exactText(try PyTorchFile.read(path: archive.path)) == exactText(nested(500)))
    #expect(throws: TorchError.self) { try PyTorchFile.write(nested(501), path: archive.path) }
  }

  @Test func errorNamesAMissingFileAndAFolder() throws {
    let archive = try TestArchive()
    #expect { try PyTorchFile.read(path: archive.path) } throws: {
      ($0 as? TorchError)?.code == .inputOutput && "\($0)".contains(archive.path)
    }
    #expect { try PyTorchFile.read(path: archive.folder) } throws: {
      "\($0)".contains("not a regular file")
    }
  }
}
