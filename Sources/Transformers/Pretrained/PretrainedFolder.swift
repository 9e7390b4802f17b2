internal import Foundation
internal import Torch

/// A folder that a model or a tokenizer is saved to.
struct PretrainedFolder {
  private let path: String

  /// Makes the folder if it is missing.
  init(_ path: String) throws(TransformersError) {
    self.path = path
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw TransformersError(
        .inputOutput, "could not make the folder '\(path)': \(error); choose another", cause: error)
    }
  }

  /// Writes a file, all or nothing.
  func write(_ data: Data, to name: String) throws(TransformersError) {
    do throws(TorchError) {
      try AtomicFile.write(path: "\(path)/\(name)") { (file) throws(TorchError) in
        try file.append(data)
      }
    } catch {
      throw TransformersError(
        .inputOutput, "\(error.message); the file that was there before is unchanged", cause: error)
    }
  }
}
