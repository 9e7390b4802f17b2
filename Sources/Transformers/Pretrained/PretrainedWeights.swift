internal import Foundation
internal import Torch

/// The tensors of a model folder, whichever of Hugging Face's files contain them.
struct PretrainedWeights {
  /// The tensors by the names in the files.
  private(set) var tensors: StateDict = [:]

  /// The entries that are no tensors for Lockstep, such as quantized ones: what they are, by name.
  private(set) var otherTypes: [String: String] = [:]

  /// The path of the file, or of the index of the files.
  let path: String

  /// The files that are looked for, in this order, as Hugging Face does.
  private static let names = [
    "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
    "pytorch_model.bin.index.json",
  ]

  /// Reads the weights of a folder.
  ///
  /// - Throws: ``TransformersError`` with code `missingFile` or `invalidFile`; `TorchError` if a
  ///   file with tensors is damaged.
  init(folder: String) throws {
    let found = Self.names.first { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
    guard let found else {
      throw TransformersError(
        .missingFile,
        "'\(folder)' contains no weights: there is no model.safetensors and no pytorch_model.bin, "
          + "nor an index of their parts; copy or download the files of the model again")
    }
    path = "\(folder)/\(found)"
    if found.hasSuffix(".index.json") {
      try read(ShardIndex(path: path), in: folder)
    } else {
      add(try Self.file(path))
    }
  }

  private mutating func read(_ index: ShardIndex, in folder: String) throws {
    let missing = index.files.filter { !FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
    guard missing.isEmpty else {
      throw TransformersError(
        .missingFile,
        "'\(path)' names \(listed(missing)), which \(missing.count == 1 ? "is" : "are") missing: "
          + "copy or download the files of the model again")
    }
    for file in index.files {
      let contents = try Self.file("\(folder)/\(file)")
      let absent = index.names(in: file).filter {
        contents.tensors[$0] == nil && contents.otherTypes[$0] == nil
      }
      guard absent.isEmpty else {
        throw TransformersError(
          .invalidFile,
          "'\(path)' names \(listed(absent)) in '\(file)', which does not contain "
            + "\(absent.count == 1 ? "it" : "them"): the files are of different models; copy or "
            + "download all of them again")
      }
      // Of a name in several files, the one in the index counts.
      add(contents) { index.file(of: $0) ?? file == file }
    }
  }

  /// The contents of one file.
  private struct Contents {
    var tensors: StateDict = [:]
    var otherTypes: [String: String] = [:]
  }

  private mutating func add(
    _ contents: Contents, where isIncluded: (String) -> Bool = { _ in true }
  ) {
    tensors.merge(contents.tensors.filter { isIncluded($0.key) }) { $1 }
    otherTypes.merge(contents.otherTypes.filter { isIncluded($0.key) }) { $1 }
  }

  /// The tensors of one file; entries of other kinds are in `otherTypes`.
  private static func file(_ path: String) throws -> Contents {
    if path.hasSuffix(".safetensors") {
      let file = try Safetensors.read(path: path)
      return Contents(tensors: file.tensors, otherTypes: file.otherTypes)
    }
    guard let entries = try PyTorchFile.read(path: path).entries else {
      throw TransformersError(
        .invalidFile,
        "'\(path)' does not contain tensors by name: save the model's state_dict() with torch.save")
    }
    var contents = Contents()
    for (key, value) in entries {
      guard let name = key.stringValue else { continue }
      if let tensor = value.tensorValue {
        contents.tensors[name] = tensor
      } else {
        contents.otherTypes[name] = value.opaqueValue.map { "\($0)" } ?? "a value without elements"
      }
    }
    return contents
  }

  /// The first names of a list, quoted.
  private func listed(_ names: [String]) -> String {
    let first = names.prefix(5).map { "'\($0.prefix(100))'" }.joined(separator: ", ")
    return names.count > 5 ? "\(first), … (\(names.count) in total)" : first
  }
}

extension PretrainedWeights {
  /// Returns the tensors under the names of a model, like Hugging Face when it loads.
  ///
  /// - LayerNorm's parameters are called `gamma` and `beta` in checkpoints that were converted from
  ///   TensorFlow.
  /// - A bare encoder lacks the prefix `bert.`.
  /// - Old checkpoints contain the constant `position_ids`, which is not a parameter.
  ///
  /// - Parameter names: The names of the model's parameters.
  /// - Returns: The tensors; names that the model lacks are unchanged.
  /// - Throws: ``TransformersError`` with code `unsupported` if a parameter's elements are not
  ///   floating-point numbers.
  func state(for names: Set<String>) throws(TransformersError) -> StateDict {
    var state: StateDict = [:]
    for (old, tensor) in tensors where old != "position_ids" && !old.hasSuffix(".position_ids") {
      let name = Self.name(of: old, in: names)
      // A name of the model wins over one that is changed to it.
      if name == old || tensors[name] == nil { state[name] = tensor }
      if names.contains(name), !tensor.dtype.isFloatingPoint {
        throw unsupported(old, "\(tensor.dtype)")
      }
    }
    for (old, type) in otherTypes where names.contains(Self.name(of: old, in: names)) {
      throw unsupported(old, type)
    }
    return state
  }

  private static func name(of old: String, in names: Set<String>) -> String {
    var name = old
    for (from, to) in [
      ("LayerNorm.gamma", "LayerNorm.weight"), ("LayerNorm.beta", "LayerNorm.bias"),
    ] where name.hasSuffix(from) { name = name.dropLast(from.count) + to }
    if !names.contains(name), names.contains("bert.\(name)") { return "bert.\(name)" }
    return name
  }

  private func unsupported(_ name: String, _ type: String) -> TransformersError {
    TransformersError(
      .unsupported,
      "'\(path)': the elements of '\(name.prefix(100))' are of type \(type.prefix(80)), but a "
        + "weight needs floating-point numbers: save the model without quantization")
  }
}
