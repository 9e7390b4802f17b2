internal import Foundation
internal import Support
public import Torch

extension BertForSequenceClassification {
  /// Loads a model folder: `config.json` and `model.safetensors`.
  ///
  /// The weights may be those of the bare encoder, without the prefix `bert.`; what the file does not
  /// hold, such as the classifier, is newly drawn (see ``manualSeed(_:)``).
  ///
  /// - Parameters:
  ///   - folder: A folder as Hugging Face's `save_pretrained` writes it.
  ///   - labelCount: The number of classes; `nil` takes the configuration's.
  ///   - configure: Changes the configuration before the model is made: other dropout, say.
  /// - Returns: The model on the CPU, and the names that were newly drawn or not used, as Hugging
  ///   Face reports them.
  /// - Throws: ``TransformersError`` when a file is missing or no BERT; `TorchError` when the weights
  ///   are damaged or do not have the configuration's shapes.
  public static func pretrained(
    at folder: String, labelCount: Int? = nil,
    configure: (inout BertConfiguration) -> Void = { _ in }
  ) throws -> (model: BertForSequenceClassification, report: LoadReport) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue
    else {
      throw TransformersError(
        .missingFile,
        "there is no model folder '\(folder)': give the path of one with config.json and "
          + "model.safetensors")
    }
    var configuration = try BertConfiguration(path: "\(folder)/config.json")
    if let labelCount { configuration.labelCount = labelCount }
    configure(&configuration)
    let weights = "\(folder)/model.safetensors"
    guard FileManager.default.fileExists(atPath: weights) else {
      throw TransformersError(
        .missingFile,
        "'\(folder)' holds no model.safetensors; other formats of weights are not read: save the "
          + "model with save_pretrained(…, safe_serialization=True)")
    }
    let state = normalized(try Safetensors.read(path: weights).tensors)
    let model = BertForSequenceClassification(uninitialized: configuration)
    let report: LoadReport
    do {
      report = try model.loadStateDict(state)
    } catch {
      throw TorchError(error.code, "'\(weights)': \(error.message)")
    }
    model.initialize(Set(report.missingKeys))
    return (model, report)
  }

  /// Brings the names of a checkpoint to those of this class, as Hugging Face does when loading.
  private static func normalized(_ state: StateDict) -> StateDict {
    let hasPrefix = state.keys.contains { $0.hasPrefix("bert.") }
    var result: StateDict = [:]
    for (name, tensor) in state {
      var name = name
      // Checkpoints converted from TensorFlow name LayerNorm's parameters so.
      for (old, new) in [
        ("LayerNorm.gamma", "LayerNorm.weight"), ("LayerNorm.beta", "LayerNorm.bias"),
      ]
      where name.hasSuffix(old) { name = name.dropLast(old.count) + new }
      let isHead = name.hasPrefix("classifier.") || name.hasPrefix("cls.")
      if !hasPrefix, !isHead { name = "bert." + name }
      // Old checkpoints save the constant 0, 1, 2, …; it is no weight.
      if name != "bert.embeddings.position_ids" { result[name] = tensor }
    }
    return result
  }

  /// Writes `config.json` and `model.safetensors` into a folder, so that Hugging Face's
  /// `AutoModelForSequenceClassification.from_pretrained` loads it.
  ///
  /// Each file is replaced in one step once it is complete on the disk. Weights come first: they are
  /// what can fail for lack of space, and then the folder is as before.
  ///
  /// - Throws: ``TransformersError`` with code `inputOutput`, or `TorchError`.
  public func savePretrained(to folder: String) throws {
    do {
      let target = try OutputFolder(folder)
      try Safetensors.write(stateDict, path: "\(folder)/model.safetensors")
      try target.write(try configuration.json(), to: "config.json")
    } catch let error as SystemError {
      throw TransformersError(.inputOutput, error.message, cause: error)
    }
  }
}
