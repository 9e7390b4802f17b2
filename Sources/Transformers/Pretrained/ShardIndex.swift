internal import Foundation

/// The index of weights in several files: `model.safetensors.index.json` and the like.
struct ShardIndex {
  /// The files, sorted by name.
  let files: [String]
  private let fileOfName: [String: String]

  private struct Contents: Decodable { var weight_map: [String: String] }

  /// Reads an index.
  ///
  /// - Throws: ``TransformersError`` with code `invalidFile` if it is damaged, or names a file
  ///   outside of its folder.
  init(path: String) throws(TransformersError) {
    do {
      let data = try Data(contentsOf: URL(fileURLWithPath: path))
      fileOfName = try JSONDecoder().decode(Contents.self, from: data).weight_map
    } catch {
      throw TransformersError(
        .invalidFile,
        "'\(path)' is not an index of weights: \(describe(error)); copy or download it "
          + "again", cause: error)
    }
    files = Set(fileOfName.values).sorted()
    for file in files where file.hasPrefix("/") || file.split(separator: "/").contains("..") {
      throw TransformersError(
        .invalidFile,
        "'\(path)' names '\(file.prefix(100))', a file outside of its folder: copy or download it "
          + "again")
    }
    guard !files.isEmpty else {
      throw TransformersError(
        .invalidFile, "'\(path)' names no weights: copy or download it again")
    }
  }

  /// The file of a tensor; `nil` if the index does not name the tensor.
  func file(of name: String) -> String? { fileOfName[name] }

  /// The names of the tensors in a file, sorted.
  func names(in file: String) -> [String] {
    fileOfName.filter { $0.value == file }.keys.sorted()
  }
}
