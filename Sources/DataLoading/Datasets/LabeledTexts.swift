import FoundationEssentials

/// Texts with their classes, from a folder in one of the common layouts for text classification.
///
/// | Files in the folder | Content |
/// |---|---|
/// | `train.csv`, `train.tsv` | columns `text` and `label` |
/// | `train.jsonl` | JSON lines `{"text": …, "label": …}` |
/// | `dataset_dict.json` | a `DatasetDict` from `save_to_disk` of Hugging Face's `datasets` |
/// | `train.parquet`, `train-00000-of-00002.parquet` …, also in `data` or `plain_text` | a data set from the Hugging Face Hub |
/// | `train/neg/*.txt`, `train/pos/*.txt` | one folder for each class, as in aclImdb |
///
/// A label is the index or the name of a class.
///
/// ```swift
/// let reviews = try LabeledTexts(at: "imdb", split: "train", classes: ["neg", "pos"])
/// ```
public struct LabeledTexts: Dataset {
  /// The number of texts.
  public var count: Int { rows.count }

  /// The files that contain the texts.
  public let files: [String]

  private let rows: any Rows
  private let labels: ClassLabels

  /// Opens the texts of one split.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - split: The split, such as `train`.
  ///   - classes: The names of the classes, in index order.
  /// - Throws: ``DataLoadingError`` with code `fileUnreadable` if no layout matches (the message lists
  ///   the files that were tried), `missingColumn`, or the errors of the layout's reader.
  public init(at folder: String, split: String, classes: [String]) throws(DataLoadingError) {
    labels = try ClassLabels(classes)
    guard let (rows, files) = try Self.open(folder, split, classes) else {
      throw DataLoadingError(
        .fileUnreadable,
        "no texts found for the split \"\(split)\": looked for \(folder)/\(split).csv, "
          + "\(split).tsv, \(split).jsonl, dataset_dict.json, \(split).parquet or "
          + "\(split)-*.parquet (also in data and plain_text), and the folder "
          + "\(split)/\(classes.first ?? "")", path: folder)
    }
    self.rows = rows
    self.files = files
  }

  /// The text at an index.
  ///
  /// Throws ``DataLoadingError`` with code `unknownLabel` if the label is not one of the classes,
  /// `malformedFile` if there is no text, or the errors of the layout's reader.
  public subscript(index: Int) -> LabeledText {
    get throws { try rows.row(index, labels) }
  }

  /// Returns a fingerprint of the classes and of the files' names and contents.
  ///
  /// Use it as a key for ``Dataset/map(cachedIn:key:timeout:progress:_:)``.
  ///
  /// - Throws: ``DataLoadingError`` with code `fileUnreadable`.
  public func contentKey() throws(DataLoadingError) -> ContentKey {
    var key = ContentKey()
    labels.names.names.forEach { key.add($0) }
    for file in files {
      // Include the parent folder's name, which may be the class, but not the rest of the path.
      key.add(file.split(separator: "/").suffix(2).joined(separator: "/"))
      try key.add(fileAt: file)
    }
    return key
  }

  private static func open(
    _ folder: String, _ split: String, _ classes: [String]
  ) throws(DataLoadingError) -> (any Rows, files: [String])? {
    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
    let base = "\(folder)/\(split)"
    for (suffix, format) in [("csv", DelimitedFormat.csv), ("tsv", .tsv)]
    where exists("\(base).\(suffix)") {
      return (try DelimitedRows("\(base).\(suffix)", format), ["\(base).\(suffix)"])
    }
    if exists("\(base).jsonl") {
      return (try JSONRows(of: JSONRow.self, contentsOf: "\(base).jsonl"), ["\(base).jsonl"])
    }
    if exists("\(folder)/dataset_dict.json") {
      let table = try ColumnTable(datasetAt: folder, split: split)
      return (try ColumnRows(table), table.paths)
    }
    for parent in [folder, "\(folder)/data", "\(folder)/plain_text"] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
      let files = names.filter {
        $0 == "\(split).parquet" || $0.hasPrefix("\(split)-") && $0.hasSuffix(".parquet")
      }.sorted().map { "\(parent)/\($0)" }
      if !files.isEmpty { return (try ColumnRows(ColumnTable(parquetFiles: files)), files) }
    }
    if exists("\(base)/\(classes.first ?? "")") {
      let texts = try TextFolders(contentsOf: base, classes: classes)
      return (texts, texts.files.map(\.path))
    }
    return nil
  }
}
