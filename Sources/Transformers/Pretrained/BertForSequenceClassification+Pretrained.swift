internal import Foundation
internal import Support
public import Torch

extension BertForSequenceClassification {
  /// Loads a model folder: `config.json` and the weights.
  ///
  /// The weights are in `model.safetensors` or `pytorch_model.bin`, or in several such files with
  /// an index. They may be those of the bare encoder, whose names lack the prefix `bert.`, or have
  /// the names of old checkpoints. Parameters that are missing, such as the classifier, are
  /// initialized randomly (see ``manualSeed(_:)``). Tensors that the model does not need may be of
  /// any type.
  ///
  /// - Parameters:
  ///   - folder: A folder that Hugging Face's `save_pretrained` or ``savePretrained(to:labels:)``
  ///     wrote.
  ///   - labelCount: The number of classes; `nil` for that of the configuration.
  ///   - reinitializesHead: Whether to initialize the classifier randomly even if the folder
  ///     contains one, for example one for another number of classes.
  ///   - fromScratch: Whether to initialize all weights randomly, like Hugging Face's
  ///     `from_config`. The folder then needs `config.json` only.
  ///   - configure: Changes the configuration before the model is created, for example dropout.
  /// - Returns: The model on the CPU, and the names of missing and unused parameters, as Hugging
  ///   Face reports them. The parameters of a classifier that is initialized again are missing.
  /// - Throws: ``TransformersError`` if a file is missing or is not of a BERT model, with code
  ///   `headMismatch` if the folder contains a classifier for another number of classes, and with
  ///   code `noFittingWeights` if no weight of the folder belongs to the encoder, which would then
  ///   be random; `TorchError` if the weights are damaged or their shapes do not fit the
  ///   configuration.
  public static func pretrained(
    at folder: String, labelCount: Int? = nil, reinitializesHead: Bool = false,
    fromScratch: Bool = false, configure: (inout BertConfiguration) -> Void = { _ in }
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
    if fromScratch {
      let model = BertForSequenceClassification(configuration)
      return (model, LoadReport(missingKeys: Array(model.stateDict.keys), unexpectedKeys: []))
    }
    let weights = try PretrainedWeights(folder: folder)
    let model = BertForSequenceClassification(uninitialized: configuration)
    var state = try weights.state(for: Set(model.stateDict.keys))
    if reinitializesHead {
      state = state.filter { !headNames.contains($0.key) }
    } else {
      try model.checkHead(state, path: weights.path)
    }
    var report: LoadReport
    do {
      report = try model.loadStateDict(state)
    } catch {
      throw TorchError(error.code, "'\(weights.path)': \(error.message)")
    }
    report = LoadReport(
      missingKeys: report.missingKeys,
      unexpectedKeys: report.unexpectedKeys + weights.otherTypes.keys)
    try model.checkEncoder(report, path: weights.path)
    model.initialize(Set(report.missingKeys))
    return (model, report)
  }

  private static let headNames = ["classifier.weight", "classifier.bias"]

  /// Throws if no weight of the encoder was loaded, so that all of it would be random.
  private func checkEncoder(_ report: LoadReport, path: String) throws(TransformersError) {
    let loaded = Set(stateDict.keys).subtracting(report.missingKeys)
    guard loaded.subtracting(Self.headNames).isEmpty else { return }
    let names = report.unexpectedKeys.prefix(3).map { "'\($0.prefix(100))'" }
    var found = "it contains \(names.joined(separator: ", ")), …"
    if names.isEmpty {
      found = "it contains \(loaded.isEmpty ? "no weights" : "only a classifier")"
    }
    throw TransformersError(
      .noFittingWeights,
      "no weight of the encoder in '\(path)' has the name of a BERT weight; \(found). Pass the "
        + "folder of a pretrained BERT model, or request random weights (fromScratch)")
  }

  /// Throws if all weights fit the model, except for a classifier of another number of classes.
  private func checkHead(_ state: StateDict, path: String) throws(TransformersError) {
    let own = stateDict
    let unfit = state.keys.filter { name in
      own[name].map { $0.shape != state[name]?.shape } ?? false
    }
    guard let bias = state[Self.headNames[1]] ?? state[Self.headNames[0]], !unfit.isEmpty,
      Set(unfit).isSubset(of: Self.headNames)
    else { return }
    throw TransformersError(
      .headMismatch,
      "'\(path)' contains a classifier for another number of classes, \(bias.shape.first ?? 0) "
        + "instead of \(configuration.labelCount): load it with that number, or request a new "
        + "classifier (reinitializesHead)")
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
