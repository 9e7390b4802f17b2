import FoundationEssentials

extension ColumnTable {
  /// Opens a folder written by `save_to_disk` of Hugging Face's `datasets`.
  ///
  /// - Parameters:
  ///   - folder: The folder of a `DatasetDict`, or of one `Dataset`.
  ///   - split: The split of a `DatasetDict`; `nil` for the folder of one `Dataset`.
  /// - Throws: ``DataLoadingError``: as for Arrow files, or `malformedFile` with the available splits.
  public init(datasetAt folder: String, split: String? = nil) throws(DataLoadingError) {
    struct Splits: Decodable { var splits: [String] }
    struct State: Decodable {
      struct File: Decodable { var filename: String }
      var dataFiles: [File]

      enum CodingKeys: String, CodingKey { case dataFiles = "_data_files" }
    }
    var folder = folder
    if let split {
      let path = "\(folder)/dataset_dict.json"
      let splits = try Self.decode(Splits.self, path).splits
      guard splits.contains(split), !split.contains("/") else {
        throw DataLoadingError(
          .malformedFile, "there is no split \"\(split)\"; the splits are \(splits)", path: path)
      }
      folder += "/\(split)"
    } else if FileManager.default.fileExists(atPath: "\(folder)/dataset_dict.json") {
      let splits = try Self.decode(Splits.self, "\(folder)/dataset_dict.json").splits
      throw DataLoadingError(
        .invalidArgument, "the folder holds several splits; choose one: \(splits)",
        path: folder)
    }
    let path = "\(folder)/state.json"
    let names = try Self.decode(State.self, path).dataFiles.map(\.filename)
    if let name = names.first(where: { $0.contains("/") }) {
      throw DataLoadingError(
        .malformedFile, "the data file \"\(name)\" is not in this folder", path: path)
    }
    // An empty data set has no file, and therefore no columns.
    if names.isEmpty {
      self.init(emptyAt: folder)
    } else {
      try self.init(arrowFiles: names.map { "\(folder)/\($0)" })
    }
  }

  private static func decode<Value: Decodable>(
    _ type: Value.Type, _ path: String
  ) throws(DataLoadingError) -> Value {
    let bytes = try FileBytes.read(path)
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw DataLoadingError(
        .malformedFile, "this file was not written by save_to_disk: \(error)", path: path,
        cause: error)
    }
  }
}
