import Foundation
import Testing
import Torch
import Transformers

/// The files of weights that a folder may contain, and the names and labels in them.
@Suite(.serialized) struct PretrainedFilesTests {
  private static let labels = ["id2label": ["0": "a", "1": "b", "2": "c"]]

  private func split(_ state: StateDict, into count: Int) -> [StateDict] {
    let names = state.keys.sorted()
    return (0..<count).map { part in
      let chosen = names.indices.filter { $0 % count == part }.map { names[$0] }
      return StateDict(
        uniqueKeysWithValues: chosen.compactMap { name in
          state[name].map { (name, $0) }
        })
    }
  }

  /// Writes a state to several files with an index.
  private func writeShards(
    _ state: StateDict, count: Int, format: String, to folder: ModelFolder
  ) throws {
    var map: [String: String] = [:]
    for (index, part) in split(state, into: count).enumerated() {
      let file = "part-\(index)-of-\(count).\(format)"
      if format == "bin" {
        try PyTorchFile.write(part, path: folder.file(file))
      } else {
        try Safetensors.write(part, path: folder.file(file))
      }
      for name in part.keys { map[name] = file }
    }
    try writeIndex(map, format: format, to: folder)
  }

  private func writeIndex(
    _ map: [String: String], format: String = "safetensors", to folder: ModelFolder
  ) throws {
    let name = format == "bin" ? "pytorch_model.bin" : "model.safetensors"
    try folder.write(
      JSONSerialization.data(withJSONObject: ["metadata": [:], "weight_map": map]),
      "\(name).index.json")
  }

  private func load(
    _ folder: ModelFolder, labelCount: Int? = 3, reinitializesHead: Bool = false,
    fromScratch: Bool = false
  ) throws -> (model: BertForSequenceClassification, report: LoadReport) {
    try BertForSequenceClassification.pretrained(
      at: folder.path, labelCount: labelCount, reinitializesHead: reinitializesHead,
      fromScratch: fromScratch)
  }

  @Test(arguments: [
    ("safetensors", 1), ("safetensors", 2), ("safetensors", 7), ("bin", 1), ("bin", 3),
  ])
  func weightsInSeveralFilesAreLoaded(format: String, count: Int) throws {
    let model = try smallModel()
    let folder = try ModelFolder()
    try writeShards(model.stateDict, count: count, format: format, to: folder)
    let (loaded, report) = try load(folder)
    #expect(report == LoadReport(missingKeys: [], unexpectedKeys: []))
    #expect(loaded.stateDict.fingerprint == model.stateDict.fingerprint)
  }

  @Test func pyTorchFileIsLoaded() throws {
    let model = try smallModel()
    let folder = try ModelFolder()
    try PyTorchFile.write(model.stateDict, path: folder.file("pytorch_model.bin"))
    let (loaded, report) = try load(folder)
    #expect(report == LoadReport(missingKeys: [], unexpectedKeys: []))
    #expect(loaded.stateDict.fingerprint == model.stateDict.fingerprint)
  }

  /// The order is Hugging Face's: one file before several, safetensors before PyTorch's format.
  @Test func firstOfSeveralFormatsIsLoaded() throws {
    let models = try (1...4).map { try smallModel(seed: UInt64($0)) }
    let folder = try ModelFolder()
    try writeShards(models[3].stateDict, count: 2, format: "bin", to: folder)
    #expect(try load(folder).model.stateDict.fingerprint == models[3].stateDict.fingerprint)
    try PyTorchFile.write(models[2].stateDict, path: folder.file("pytorch_model.bin"))
    #expect(try load(folder).model.stateDict.fingerprint == models[2].stateDict.fingerprint)
    try writeShards(models[1].stateDict, count: 2, format: "safetensors", to: folder)
    #expect(try load(folder).model.stateDict.fingerprint == models[1].stateDict.fingerprint)
    try Safetensors.write(models[0].stateDict, path: folder.file("model.safetensors"))
    #expect(try load(folder).model.stateDict.fingerprint == models[0].stateDict.fingerprint)
  }

  @Test(arguments: [[0], [1], [0, 2], [0, 1, 2]])
  func missingPartsAreNamed(missing: [Int]) throws {
    let folder = try ModelFolder()
    try writeShards(try smallModel().stateDict, count: 3, format: "safetensors", to: folder)
    for index in missing {
      try FileManager.default.removeItem(atPath: folder.file("part-\(index)-of-3.safetensors"))
    }
    let error = #expect(throws: TransformersError.self) { try load(folder) }
    #expect(error?.code == .missingFile)
    for index in 0..<3 {
      #expect(
        error?.message.contains("'part-\(index)-of-3.safetensors'") == missing.contains(index))
    }
  }

  @Test(arguments: [1, 2, 9])
  func tensorsThatTheirFileLacksAreNamed(count: Int) throws {
    let model = try smallModel()
    let folder = try ModelFolder()
    try Safetensors.write(model.stateDict, path: folder.file("part.safetensors"))
    var map = model.stateDict.mapValues { _ in "part.safetensors" }
    for index in 0..<count { map["absent.\(index)"] = "part.safetensors" }
    try writeIndex(map, to: folder)
    let error = #expect(throws: TransformersError.self) { try load(folder) }
    #expect(error?.code == .invalidFile)
    #expect(error?.message.contains("'absent.0'") == true)
    #expect(error?.message.contains("'part.safetensors'") == true)
    #expect(error?.message.contains("9 in total") == (count == 9))
  }

  @Test(arguments: [
    "", "[]", "{}", #"{"weight_map": []}"#, #"{"weight_map": {"a": 1}}"#, #"{"weight_map": {}}"#,
    #"{"weight_map": {"a": "../part.safetensors"}}"#,
    #"{"weight_map": {"a": "/part.safetensors"}}"#,
  ])
  func damagedIndexIsReported(text: String) throws {
    let folder = try ModelFolder()
    try folder.write(Data(text.utf8), "model.safetensors.index.json")
    let error = #expect(throws: TransformersError.self) { try load(folder) }
    #expect(error?.code == .invalidFile)
    #expect(error?.message.contains("model.safetensors.index.json") == true)
  }

  /// A file with one tensor of a type that Lockstep lacks.
  private func writeTensor(_ name: String, type: String, to path: String) throws {
    let header = #"{"\#(name)":{"dtype":"\#(type)","shape":[4],"data_offsets":[0,2]}}"#
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
    try (length + Data(header.utf8) + Data([1, 2])).write(to: URL(fileURLWithPath: path))
  }

  @Test(arguments: ["F4", "F6_E2M3", "I4", "SOME_TYPE", ""])
  func tensorsOfAnyTypeMayBeUnneeded(type: String) throws {
    let model = try smallModel()
    let folder = try ModelFolder()
    try Safetensors.write(model.stateDict, path: folder.file("a.safetensors"))
    try writeTensor("quantization.scales", type: type, to: folder.file("b.safetensors"))
    var map = model.stateDict.mapValues { _ in "a.safetensors" }
    map["quantization.scales"] = "b.safetensors"
    try writeIndex(map, to: folder)
    let (loaded, report) = try load(folder)
    #expect(report == LoadReport(missingKeys: [], unexpectedKeys: ["quantization.scales"]))
    #expect(loaded.stateDict.fingerprint == model.stateDict.fingerprint)
  }

  @Test func pyTorchFilesMayContainOtherValues() throws {
    let model = try smallModel()
    let folder = try ModelFolder()
    var entries = PickleValue.stateDict(model.stateDict).entries ?? []
    let others: [(key: PickleValue, value: PickleValue)] = [
      ("epoch", 3), ("name", "x"), ("nothing", nil), ("list", [1, 2]), (7, "key"),
      ("steps", .tensor(Tensor.arange(3))),
    ]
    entries += others
    try PyTorchFile.write(.dictionary(entries), path: folder.file("pytorch_model.bin"))
    let (loaded, report) = try load(folder)
    let unexpected = ["epoch", "list", "name", "nothing", "steps"]
    #expect(report == LoadReport(missingKeys: [], unexpectedKeys: unexpected))
    #expect(loaded.stateDict.fingerprint == model.stateDict.fingerprint)
  }

  @Test func pyTorchFileWithoutNamesIsReported() throws {
    let folder = try ModelFolder()
    try PyTorchFile.write([1, 2], path: folder.file("pytorch_model.bin"))
    let error = #expect(throws: TransformersError.self) { try load(folder) }
    #expect(error?.code == .invalidFile)
    #expect(error?.message.contains("pytorch_model.bin") == true)
  }

  @Test(arguments: ["F4", "int8", "int64", "bool", "text"])
  func neededWeightsOfOtherTypesAreReported(type: String) throws {
    let name = "bert.pooler.dense.bias"
    var state = try smallModel().stateDict
    let folder = try ModelFolder()
    switch type {
    case "F4":
      state[name] = nil
      try Safetensors.write(state, path: folder.file("a.safetensors"))
      try writeTensor("pooler.dense.bias", type: "F4", to: folder.file("b.safetensors"))
      var map = state.mapValues { _ in "a.safetensors" }
      map["pooler.dense.bias"] = "b.safetensors"
      try writeIndex(map, to: folder)
    case "text":
      var entries = PickleValue.stateDict(state).entries ?? []
      entries.removeAll { $0.key.stringValue == name }
      entries.append((.string(name), "text"))
      try PyTorchFile.write(.dictionary(entries), path: folder.file("pytorch_model.bin"))
    default:
      let types: [String: DType] = ["int8": .int8, "int64": .int64, "bool": .bool]
      state[name] = Tensor.zeros([8], dtype: types[type] ?? .int8)
      try Safetensors.write(state, path: folder.file("model.safetensors"))
    }
    let error = #expect(throws: TransformersError.self) { try load(folder) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("pooler.dense.bias'") == true)
  }

  /// Changes of names that old checkpoints have.
  enum OldNames: String, CaseIterable {
    case noPrefix, gammaAndBeta, both, positions, positionsWithoutPrefix, someWithoutPrefix

    func changed(_ state: StateDict) -> StateDict {
      var result: StateDict = [:]
      for (index, (name, tensor)) in state.sorted(by: { $0.key < $1.key }).enumerated() {
        var name = name
        let dropsPrefix =
          switch self {
          case .noPrefix, .both, .positionsWithoutPrefix: true
          case .someWithoutPrefix: index % 2 == 0
          case .gammaAndBeta, .positions: false
          }
        if dropsPrefix, name.hasPrefix("bert.") { name = String(name.dropFirst(5)) }
        if self == .gammaAndBeta || self == .both {
          name = name.replacingOccurrences(of: "LayerNorm.weight", with: "LayerNorm.gamma")
            .replacingOccurrences(of: "LayerNorm.bias", with: "LayerNorm.beta")
        }
        result[name] = tensor
      }
      if self == .positions { result["bert.embeddings.position_ids"] = Tensor.arange(10) }
      if self == .positionsWithoutPrefix { result["embeddings.position_ids"] = Tensor.arange(10) }
      return result
    }
  }

  @Test(arguments: OldNames.allCases, ["safetensors", "bin"])
  func oldNamesAreLoaded(names: OldNames, format: String) throws {
    let model = try smallModel()
    let folder = try ModelFolder()
    try writeShards(names.changed(model.stateDict), count: 2, format: format, to: folder)
    let (loaded, report) = try load(folder)
    #expect(report == LoadReport(missingKeys: [], unexpectedKeys: []))
    #expect(loaded.stateDict.fingerprint == model.stateDict.fingerprint)
  }

  @Test(arguments: [1, 2, 4, 5, 20])
  func headForOtherClassesIsReinitializedOnRequest(labelCount: Int) throws {
    let model = try smallModel()
    let folder = try ModelFolder(weights: model.stateDict)
    let error = #expect(throws: TransformersError.self) {
      try load(folder, labelCount: labelCount)
    }
    #expect(error?.code == .headMismatch)
    #expect(error?.message.contains("3 instead of \(labelCount)") == true)
    let (loaded, report) = try load(folder, labelCount: labelCount, reinitializesHead: true)
    #expect(report.missingKeys == ["classifier.bias", "classifier.weight"])
    #expect(loaded.stateDict["classifier.weight"]?.shape == [labelCount, 8])
    let encoder = { (state: StateDict) in state.filter { $0.key.hasPrefix("bert.") }.fingerprint }
    #expect(encoder(loaded.stateDict) == encoder(model.stateDict))
  }

  @Test func headForTheSameClassesIsReinitializedOnRequest() throws {
    let model = try smallModel()
    let folder = try ModelFolder(weights: model.stateDict)
    let (loaded, report) = try load(folder, reinitializesHead: true)
    #expect(report.missingKeys == ["classifier.bias", "classifier.weight"])
    let weight = { (model: BertForSequenceClassification) in
      model.stateDict["classifier.weight"]?.array(of: Float.self)
    }
    #expect(weight(loaded) != weight(model))
  }

  @Test(
    arguments: [
      (#"{"0": "x", "1": "y", "2": "z"}"#, ["x", "y", "z"]), (#"["x", "y"]"#, ["x", "y"]),
      (#"{"1": "x", "2": "y"}"#, ["x", "y"]), (#"{"10": "z", "9": "y"}"#, ["y", "z"]),
      (#"{"0": 1, "1": 2, "2": 3, "3": 4}"#, ["1", "2", "3", "4"]),
      (#"{"x": 0, "z": 2, "y": 1}"#, ["x", "y", "z"]),
      (#"{"0": null, "1": true}"#, ["null", "true"]),
      (#"{"0": 0.5, "1": "0.5"}"#, ["0.5", "0.5"]), (#"["only"]"#, ["only"]),
      ("null", ["LABEL_0", "LABEL_1"]), ("{}", ["LABEL_0", "LABEL_1"]),
    ] as [(String, [String])])
  func labelsOfAnyFormAreSavedFromZero(json: String, names: [String]) throws {
    let value = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
    let source = try ModelFolder(["id2label": value])
    let (model, _) = try load(source, labelCount: nil, fromScratch: true)
    #expect(model.configuration.labelCount == names.count)
    #expect(model.stateDict["classifier.bias"]?.shape == [names.count])
    let folder = try ModelFolder()
    try model.savePretrained(to: folder.path)
    let saved = try folder.json("config.json")
    let keys = Dictionary(uniqueKeysWithValues: names.enumerated().map { ("\($0)", $1) })
    #expect(saved["id2label"] as? [String: String] == keys)
    let ids = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
    #expect(saved["label2id"] as? [String: Int] == ids)
    #expect(saved["num_labels"] == nil)
    let wanted = names.count == 1 ? "regression" : "single_label_classification"
    #expect(saved["problem_type"] as? String == wanted)
  }

  @Test(arguments: [2, 3, 5])
  func labelsOfAnotherNumberOfClassesAreReplaced(labelCount: Int) throws {
    let source = try ModelFolder(Self.labels)
    let (model, _) = try load(source, labelCount: labelCount, fromScratch: true)
    let folder = try ModelFolder()
    try model.savePretrained(to: folder.path)
    let saved = try #require(folder.json("config.json")["id2label"] as? [String: String])
    #expect(Set(saved.keys) == Set((0..<labelCount).map { "\($0)" }))
    #expect(saved["0"] == (labelCount == 3 ? "a" : "LABEL_0"))
  }

  @Test(arguments: [#""x""#, "3", #"{"x": "y"}"#, #"{"0": []}"#, #"[["x"]]"#])
  func labelsThatHaveNoOrderAreReported(json: String) throws {
    let value = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
    let folder = try ModelFolder(["id2label": value], weights: [:])
    let error = #expect(throws: TransformersError.self) { try load(folder, labelCount: nil) }
    #expect(error?.code == .invalidFile)
    #expect(error?.message.contains("id2label") == true, "\(error?.message ?? "")")
  }
}
