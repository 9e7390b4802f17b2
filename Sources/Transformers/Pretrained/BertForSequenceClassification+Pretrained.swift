internal import Foundation
internal import Support
public import Torch

extension BertForSequenceClassification {
  /// Loads a model folder: `config.json` and `model.safetensors`.
  ///
  /// The file may contain the bare encoder, whose names lack the prefix `bert.`. Parameters that
  /// are missing from the file, such as the classifier, are initialized randomly (see
  /// ``manualSeed(_:)``).
  ///
  /// - Parameters:
  ///   - folder: A folder that Hugging Face's `save_pretrained` or ``savePretrained(to:)`` wrote.
  ///   - labelCount: The number of classes; `nil` for that of the configuration.
  ///   - configure: Changes the configuration before the model is created, for example dropout.
  /// - Returns: The model on the CPU, and the names of missing and unused parameters, as Hugging
  ///   Face reports them.
  /// - Throws: ``TransformersError`` if a file is missing or is not of a BERT model; `TorchError`
  ///   if the weights are damaged or their shapes do not fit the configuration.
  public static func pretrained(
    at folder: String, labelCount: Int? = nil,
    configure: (inout BertConfiguration) -> Void = { _ in }
  ) throws -> (model: BertForSequenceClassification, report: LoadReport) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue
    else {
      throw TransformersError(
        .missingFile,
        "there is no folder '\(folder)': pass a model folder with config.json and "
          + "model.safetensors")
    }
    var configuration = try BertConfiguration(path: "\(folder)/config.json")
    if let labelCount { configuration.labelCount = labelCount }
    configure(&configuration)
    let weights = "\(folder)/model.safetensors"
    guard FileManager.default.fileExists(atPath: weights) else {
      throw TransformersError(
        .missingFile,
        "'\(folder)' contains no model.safetensors, the only supported format of weights: save the "
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

  /// Renames a checkpoint's parameters to those of this class, like Hugging Face when loading.
  private static func normalized(_ state: StateDict) -> StateDict {
    let hasPrefix = state.keys.contains { $0.hasPrefix("bert.") }
    var result: StateDict = [:]
    for (name, tensor) in state {
      var name = name
      // Checkpoints converted from TensorFlow have these names of LayerNorm's parameters.
      for (old, new) in [
        ("LayerNorm.gamma", "LayerNorm.weight"), ("LayerNorm.beta", "LayerNorm.bias"),
      ]
      where name.hasSuffix(old) { name = name.dropLast(old.count) + new }
      let isHead = name.hasPrefix("classifier.") || name.hasPrefix("cls.")
      if !hasPrefix, !isHead { name = "bert." + name }
      // Old checkpoints contain the constant 0, 1, 2, …, which is not a parameter.
      if name != "bert.embeddings.position_ids" { result[name] = tensor }
    }
    return result
  }

  /// Writes `config.json` and `model.safetensors` to a folder.
  ///
  /// Hugging Face's `AutoModelForSequenceClassification.from_pretrained` loads the folder. Each
  /// file is replaced atomically. The weights are written first, so the folder does not change if
  /// the disk is full. `config.json` has the keys of the file that the model was loaded from, with
  /// the sizes, the data type and the labels of this model.
  ///
  /// - Parameters:
  ///   - folder: The folder; created if it is missing.
  ///   - labels: The names of the classes, in index order; `nil` retains those of the file that the
  ///     model was loaded from.
  /// - Throws: ``TransformersError`` with code `inputOutput`, or with code `invalidArgument` if
  ///   there is not one distinct name per class; `TorchError`.
  public func savePretrained(to folder: String, labels: [String]? = nil) throws {
    if let labels, labels.count != configuration.labelCount || Set(labels).count != labels.count {
      throw TransformersError(
        .invalidArgument,
        "the model has \(configuration.labelCount) classes, but the labels are \(labels); pass one "
          + "distinct name for each class")
    }
    let weights = stateDict
    do {
      let target = try OutputFolder(folder)
      try Safetensors.write(weights, path: "\(folder)/model.safetensors")
      try target.write(
        try configuration.json(labels: labels, dtypes: Set(weights.values.map(\.dtype))),
        to: "config.json")
    } catch let error as SystemError {
      throw TransformersError(.inputOutput, error.message, cause: error)
    }
  }
}
