import FoundationEssentials
import Support

extension ColumnTable {
  /// Opens a folder written by `save_to_disk` of Hugging Face's `datasets`.
  ///
  /// `state.json` names the files; others in the folder are ignored. A selection of rows that is
  /// stored with the data set (`_indices_data_files`) is applied.
  ///
  /// - Parameters:
  ///   - folder: The folder of a `DatasetDict`, or of one `Dataset`.
  ///   - split: The split of a `DatasetDict`; `nil` for the folder of one `Dataset`.
  ///   - columns: The columns to read; `nil` for all.
  /// - Throws: ``DataLoadingError``: as for Arrow files, `malformedFile` with the available splits,
  ///   `fileUnreadable` if a shard is missing, or `unsupported` for a selection in another form.
  public init(
    datasetAt folder: String, split: String? = nil, columns: [String]? = nil
  ) throws(DataLoadingError) {
    var folder = folder
    if let split {
      let path = "\(folder)/dataset_dict.json"
      let splits = try Self.splits(path)
      guard splits.contains(split), !split.contains("/") else {
        throw DataLoadingError(
          .malformedFile,
          "there is no split \(MessageText.quoted(split)); the splits are "
            + "\(MessageText.list(splits)); "
            + "choose one of them", path: path)
      }
      folder += "/\(split)"
    } else if Folder.exists("\(folder)/dataset_dict.json") {
      let splits = try Self.splits("\(folder)/dataset_dict.json")
      throw DataLoadingError(
        .invalidArgument,
        "the folder holds several splits; choose one: \(MessageText.list(splits))", path: folder)
    }
    let state = try SavedDatasetState(contentsOf: "\(folder)/state.json")
    // An empty data set has no file, and therefore no columns.
    let table =
      state.files.isEmpty
      ? ColumnTable(emptyAt: folder)
      : try ColumnTable(arrowFiles: state.files.map { "\(folder)/\($0)" }, columns: columns)
    guard !state.indexFiles.isEmpty else {
      self = table
      return
    }
    let paths = state.indexFiles.map { "\(folder)/\($0)" }
    let indices = try ColumnTable(arrowFiles: paths, columns: ["indices"])
    var rows: [Int] = []
    rows.reserveCapacity(indices.count)
    for index in 0..<indices.count {
      guard let row = indices[index][0].integer else {
        let location = indices.location(of: index)
        throw DataLoadingError(
          .malformedFile,
          "\(MessageText.shortened(indices[index][0].excerpt)) in column \"indices\" is not the "
            + "index of a "
            + "row; save the data set again (flatten_indices)", path: location.path,
          row: location.row,
          column: "indices")
      }
      rows.append(row)
    }
    self = try table.selecting(rows, storedIn: paths)
  }

  private static func splits(_ path: String) throws(DataLoadingError) -> [String] {
    let document = try SavedDatasetState.document(path)
    guard case .array(let elements) = document["splits"] else {
      throw SavedDatasetState.malformed(path, "there is no list \"splits\"")
    }
    var splits: [String] = []
    for element in elements {
      guard case .string(let split) = element else {
        throw SavedDatasetState.malformed(path, "a split is not a string")
      }
      splits.append(split)
    }
    return splits
  }
}
