import Foundation
import Testing
import Torch
import Transformers

@Suite(.serialized) struct PretrainedTests {
  @Test func savedModelLoadsWithEqualBits() throws {
    let model = try smallModel()
    let folder = try ModelFolder()
    try model.savePretrained(to: folder.path)
    let (again, report) = try BertForSequenceClassification.pretrained(at: folder.path)
    #expect(report == LoadReport(missingKeys: [], unexpectedKeys: []))
    #expect(again.stateDict.fingerprint == model.stateDict.fingerprint)
  }

  @Test func savedConfigurationRetainsUnknownKeys() throws {
    let model = try smallModel()
    let folder = try ModelFolder()
    try model.savePretrained(to: folder.path)
    let json = try folder.json("config.json")
    #expect(json["architectures"] as? [String] == ["BertForSequenceClassification"])
    #expect((json["custom_key"] as? [String: Bool])?["kept"] == true)
    #expect((json["id2label"] as? [String: String])?.count == 3)
    #expect(json["layer_norm_eps"] as? Double == 1e-12)
  }

  /// The file says what another program's weights were; the saved weights are float32.
  @Test(
    arguments: [
      (["dtype": "bfloat16"], "dtype"), (["torch_dtype": "float16"], "torch_dtype"),
      (["dtype": "bfloat16", "torch_dtype": "float16"], "torch_dtype"), ([:], "dtype"),
      (["dtype": "float64", "quantization_config": "int8"], "dtype"),
    ] as [([String: String], String)])
  func savedConfigurationHasTheTypeOfTheWeights(keys: [String: String], key: String) throws {
    let source = try ModelFolder(keys)
    let (model, _) = try BertForSequenceClassification.pretrained(
      at: source.path, fromScratch: true)
    let folder = try ModelFolder()
    try model.savePretrained(to: folder.path)
    let json = try folder.json("config.json")
    #expect(json[key] as? String == "float32")
    #expect(json.keys.filter { $0.hasSuffix("dtype") } == [key])
    #expect(json["quantization_config"] == nil)
    let saved = try Safetensors.read(path: "\(folder.path)/model.safetensors").tensors
    #expect(!saved.isEmpty && saved.values.allSatisfy { $0.dtype == .float32 })
  }

  @Test(arguments: [
    ["a", "b"], ["positive", "negative"], ["x", "y", "z"], ["1", "0"], ["ä", ""],
  ])
  func labelsAreSaved(labels: [String]) throws {
    let source = try ModelFolder(["num_labels": labels.count])
    let (model, _) = try BertForSequenceClassification.pretrained(
      at: source.path, fromScratch: true)
    let folder = try ModelFolder()
    try model.savePretrained(to: folder.path, labels: labels)
    let json = try folder.json("config.json")
    let ids = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
    #expect(json["label2id"] as? [String: Int] == ids)
    #expect((json["id2label"] as? [String: String])?["0"] == labels[0])
    #expect((json["id2label"] as? [String: String])?.count == labels.count)
  }

  @Test(arguments: [[], ["a"], ["a", "a"], ["a", "b", "c"], ["a", "b", "b"]])
  func labelsThatDoNotFitAreRefused(labels: [String]) throws {
    let source = try ModelFolder(["num_labels": 2])
    let (model, _) = try BertForSequenceClassification.pretrained(
      at: source.path, fromScratch: true)
    let folder = try ModelFolder()
    let error = #expect(throws: TransformersError.self) {
      try model.savePretrained(to: folder.path, labels: labels)
    }
    #expect(error?.code == .invalidArgument && error?.message.contains("2 classes") == true)
  }

  /// Loads a folder with another number of classes, saves the model and loads it again.
  @Test func savedNumberOfClassesIsLoaded() throws {
    let encoder = try ModelFolder(["num_labels": 2])
    let (model, _) = try BertForSequenceClassification.pretrained(
      at: encoder.path, labelCount: 3, fromScratch: true)
    let folder = try ModelFolder()
    try model.savePretrained(to: folder.path)
    let (again, report) = try BertForSequenceClassification.pretrained(at: folder.path)
    #expect(report == LoadReport(missingKeys: [], unexpectedKeys: []))
    #expect(again.stateDict["classifier.bias"]?.shape == [3])
    #expect(try folder.json("config.json")["num_labels"] == nil)
  }

  /// The names of a bare encoder lack the prefix `bert.`, and it has no classifier.
  @Test func bareEncoderIsLoadedAndTheClassifierInitialized() throws {
    let model = try smallModel()
    var weights: StateDict = [:]
    for (name, tensor) in model.stateDict where name.hasPrefix("bert.") {
      weights[String(name.dropFirst(5))] = tensor
    }
    weights["embeddings.position_ids"] = Tensor.arange(10)
    weights["cls.predictions.bias"] = Tensor.zeros([20])
    let folder = try ModelFolder(weights: weights)
    let (loaded, report) = try BertForSequenceClassification.pretrained(
      at: folder.path, labelCount: 3)
    #expect(report.missingKeys == ["classifier.bias", "classifier.weight"])
    #expect(report.unexpectedKeys == ["cls.predictions.bias"])
    let name = "bert.encoder.layer.1.output.dense.weight"
    #expect(
      loaded.stateDict[name]?.array(of: Float.self) == model.stateDict[name]?.array(of: Float.self))
  }

  private static let classifier: StateDict = [
    "classifier.weight": Tensor.zeros([3, 8]), "classifier.bias": Tensor.zeros([3]),
  ]

  /// A model whose encoder is random would train without a word, but not to what is expected.
  @Test(
    arguments: [
      ([:], "it contains no weights"), (classifier, "only a classifier"),
      (["roberta.embeddings.weight": Tensor.zeros([4])], "'roberta.embeddings.weight'"),
      (["model.bert.pooler.dense.bias": Tensor.zeros([8])], "'model.bert.pooler.dense.bias'"),
      (["b": Tensor.zeros([1]), "a": Tensor.zeros([1]), "d": Tensor.zeros([1])], "'a', 'b', 'd'"),
    ] as [(StateDict, String)])
  func folderWithoutFittingWeightsIsRefused(weights: StateDict, found: String) throws {
    let folder = try ModelFolder(weights: weights)
    let error = #expect(throws: TransformersError.self) {
      try BertForSequenceClassification.pretrained(at: folder.path, labelCount: 3)
    }
    #expect(error?.code == .noFittingWeights)
    #expect(error?.message.contains(found) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("fromScratch") == true)
    let (model, report) = try BertForSequenceClassification.pretrained(
      at: folder.path, labelCount: 3, fromScratch: true)
    #expect(report.missingKeys == model.stateDict.keys.sorted() && report.unexpectedKeys == [])
  }

  /// One weight of the encoder is enough: the report names all others.
  @Test func folderWithOneFittingWeightIsLoaded() throws {
    let folder = try ModelFolder(weights: ["pooler.dense.bias": Tensor.ones([8])])
    let (model, report) = try BertForSequenceClassification.pretrained(
      at: folder.path, labelCount: 3)
    #expect(report.missingKeys.count == model.stateDict.count - 1)
    #expect(model.stateDict["bert.pooler.dense.bias"]?.array() == [Float](repeating: 1, count: 8))
  }

  @Test(arguments: [true, false]) func freshModelNeedsNoWeights(hasWeights: Bool) throws {
    let saved = try smallModel(seed: 1).stateDict
    let folder = try ModelFolder(weights: hasWeights ? saved : nil)
    manualSeed(2)
    let (model, _) = try BertForSequenceClassification.pretrained(
      at: folder.path, labelCount: 3, fromScratch: true)
    #expect(model.stateDict.fingerprint == (try smallModel(seed: 2)).stateDict.fingerprint)
    #expect(model.stateDict.fingerprint != saved.fingerprint)
  }

  @Test func oldLayerNormNamesAreLoaded() throws {
    let model = try smallModel()
    let weights = StateDict(
      uniqueKeysWithValues: model.stateDict.map { name, tensor in
        (
          name.replacingOccurrences(of: "LayerNorm.weight", with: "LayerNorm.gamma")
            .replacingOccurrences(of: "LayerNorm.bias", with: "LayerNorm.beta"), tensor
        )
      })
    let folder = try ModelFolder(weights: weights)
    let (_, report) = try BertForSequenceClassification.pretrained(at: folder.path, labelCount: 3)
    #expect(report == LoadReport(missingKeys: [], unexpectedKeys: []))
  }

  @Test func shapeMismatchesAreReported() throws {
    let folder = try ModelFolder(
      ["vocab_size": 21, "intermediate_size": 16], weights: try smallModel().stateDict)
    #expect {
      try BertForSequenceClassification.pretrained(at: folder.path, labelCount: 3)
    } throws: { error in
      (error as? TorchError)?.code == .mismatch && "\(error)".contains("model.safetensors")
        && "\(error)".contains("'bert.embeddings.word_embeddings.weight' has shape [20, 8]")
        && "\(error)".contains("needs [21, 8]")
        && "\(error)".contains("'bert.encoder.layer.0.intermediate.dense.bias'")
    }
  }

  @Test(arguments: [
    ("model_type", "gpt2", "'gpt2'"),
    ("position_embedding_type", "relative_key", "'relative_key'"),
    ("hidden_act", "swish", "'swish'"),
    ("hidden_size", "large", "'hidden_size' has the wrong type"),
  ])
  func configurationsOfOtherModelsAreRejected(key: String, value: String, message: String) throws {
    let folder = try ModelFolder([key: value], weights: [:])
    #expect {
      try BertForSequenceClassification.pretrained(at: folder.path)
    } throws: { error in
      error is TransformersError && "\(error)".contains("config.json")
        && "\(error)".contains(message)
    }
  }

  @Test(arguments: [
    ("num_hidden_layers", 0.0, "num_hidden_layers 0"),
    ("num_attention_heads", 3, "it must divide hidden_size"),
    ("hidden_dropout_prob", 1.5, "hidden_dropout_prob 1.5"),
    ("hidden_size", -8, "hidden_size -8"),
    ("num_hidden_layers", 1e17, "num_hidden_layers 100000000000000000; it must be at most 10000"),
    ("vocab_size", 1e18, "vocab_size 1000000000000000000"),
    ("pad_token_id", 1e6, "pad_token_id 1000000"),
    ("pad_token_id", -1, "pad_token_id -1"),
  ])
  func invalidSizesAreRejected(key: String, value: Double, message: String) throws {
    let number: Any = value == value.rounded() ? Int(value) : value
    let folder = try ModelFolder([key: number], weights: [:])
    #expect {
      try BertForSequenceClassification.pretrained(at: folder.path)
    } throws: { ($0 as? TransformersError)?.code == .invalidFile && "\($0)".contains(message) }
  }

  @Test func missingFilesAreReported() throws {
    #expect {
      try BertForSequenceClassification.pretrained(at: "/no/such/folder")
    } throws: { "\($0)".contains("'/no/such/folder'") }
    let folder = try ModelFolder()
    #expect {
      try BertForSequenceClassification.pretrained(at: folder.path)
    } throws: { "\($0)".contains("there is no model.safetensors") }
    try folder.write(Data("{".utf8), "config.json")
    #expect {
      try BertForSequenceClassification.pretrained(at: folder.path)
    } throws: { "\($0)".contains("config.json' is not a model configuration") }
  }

  @Test func failedSaveLeavesThePreviousFile() throws {
    let folder = try ModelFolder()
    try smallModel(seed: 1).savePretrained(to: folder.path)
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.file("model.safetensors")))
    let blocked = "model.safetensors.partial"
    try FileManager.default.createDirectory(
      atPath: folder.file(blocked), withIntermediateDirectories: true)
    #expect(throws: TorchError.self) { try smallModel(seed: 2).savePretrained(to: folder.path) }
    let after = try Data(contentsOf: URL(fileURLWithPath: folder.file("model.safetensors")))
    #expect(before == after)
  }
}
