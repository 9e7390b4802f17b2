import FoundationEssentials
import Support

/// The file `state.json` that `save_to_disk` of Hugging Face's `datasets` writes.
struct SavedDatasetState {
  /// The names of the data files, in order.
  let files: [String]
  /// The names of the files that select rows; empty if all rows belong to the data set.
  let indexFiles: [String]

  /// Reads a file.
  ///
  /// - Throws: ``DataLoadingError`` with code `fileUnreadable` if it or a data file is missing,
  ///   `malformedFile`, or `unsupported` if it selects rows in a way that is not supported.
  init(contentsOf path: String) throws(DataLoadingError) {
    let document = try Self.document(path)
    guard let list = document["_data_files"] else {
      throw Self.malformed(path, "there is no list \"_data_files\"")
    }
    files = try Self.names(list, "_data_files", path)
    indexFiles =
      try document["_indices_data_files"].map { list throws(DataLoadingError) in
        try Self.names(list, "_indices_data_files", path)
      } ?? []
    for (key, value) in document where key.hasPrefix("_indices") && key != "_indices_data_files" {
      guard value == .null || value == .array([]) else {
        throw Self.selection(path, key, value)
      }
    }
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
    for name in files + indexFiles where !Folder.exists("\(folder)/\(name)") {
      throw DataLoadingError(
        .fileUnreadable,
        "the data file \(MessageText.quoted(name)), which this file names, is missing; copy the "
          + "folder "
          + "again", path: path)
    }
    let shards = files.compactMap { Shard($0, split: "data", suffix: "arrow") }
    if shards.count == files.count, Set(shards.map(\.count)).count == 1 {
      try Shard.check(shards.sorted { $0.index < $1.index }, paths: files.map { "\(folder)/\($0)" })
    }
  }

  /// Reads a JSON object.
  static func document(_ path: String) throws(DataLoadingError) -> [String: JSONValue] {
    let bytes = try FileBytes.read(path)
    do {
      return try JSONDecoder().decode([String: JSONValue].self, from: Data(bytes))
    } catch {
      throw malformed(path, "it is not a JSON object", error)
    }
  }

  static func malformed(
    _ path: String, _ what: String, _ cause: (any Error)? = nil
  ) -> DataLoadingError {
    DataLoadingError(
      .malformedFile, "this file was not written by save_to_disk: \(what); save the data set again",
      path: path, cause: cause)
  }

  private static func selection(_ path: String, _ key: String, _ value: JSONValue)
    -> DataLoadingError
  {
    let text = (try? JSONEncoder().encode(value)).map { String(decoding: $0, as: UTF8.self) }
    return DataLoadingError(
      .unsupported,
      "the data set is a selection of rows in a form that is not supported "
        + "(\(MessageText.quoted(key)): "
        + "\(MessageText.shortened(text ?? "?"))); save it again with dataset.flatten_indices()",
      path: path)
  }

  /// Returns the names in a list of objects `{"filename": …}`.
  private static func names(
    _ list: JSONValue, _ key: String, _ path: String
  ) throws(DataLoadingError) -> [String] {
    if list == .null { return [] }
    guard case .array(let elements) = list else { throw malformed(path, "\(key) is not a list") }
    var names: [String] = []
    for element in elements {
      guard case .object(let file) = element, case .string(let name) = file["filename"] else {
        throw malformed(path, "\(key) contains no file names")
      }
      // Old versions of `datasets` stored a selection of the file's rows in these members.
      for (member, value) in file where member != "filename" && value != .null {
        throw selection(path, "\(key).\(member)", value)
      }
      guard !name.contains("/") else {
        throw DataLoadingError(
          .malformedFile,
          "the data file \(MessageText.quoted(name)) is not in this folder; save the data set "
            + "again",
          path: path)
      }
      names.append(name)
    }
    return names
  }
}
