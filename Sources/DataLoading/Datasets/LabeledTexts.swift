import FoundationEssentials

/// Texts with their classes, from a folder in any of the layouts that text classification is found in.
///
/// | the folder holds | it is read as |
/// |---|---|
/// | `train.csv`, `train.tsv` | columns `text` and `label` |
/// | `train.jsonl` | JSON lines `{"text": …, "label": …}` |
/// | `dataset_dict.json` | what `save_to_disk` of Hugging Face's `datasets` writes |
/// | `train.parquet`, `train-00000-of-00002.parquet` …, also in `data` or `plain_text` | a dataset of the Hub |
/// | `train/neg/*.txt`, `train/pos/*.txt` | a folder for each class, as in aclImdb |
///
/// A label is the number of a class, or its name.
///
/// ```swift
/// let reviews = try LabeledTexts(at: "imdb", split: "train", classes: ["neg", "pos"])
/// ```
public struct LabeledTexts: Dataset {
  /// The number of texts.
  public var count: Int { rows.count }

  /// The files that the texts are in.
  public let files: [String]

  private let rows: any Rows
  private let labels: ClassLabels

  /// Opens the texts of one split.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - split: The split, such as `train`.
  ///   - classes: The names of the classes, in the order of their numbers.
  /// - Throws: ``DataLoadingError`` with code `fileUnreadable` and all that was looked for if nothing of
  ///   it is there, `missingColumn`, or what the reader of the layout throws.
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
    (self.rows, self.files) = (rows, files)
  }

  /// The text at an index.
  ///
  /// Throws ``DataLoadingError`` with code `unknownLabel` if its label is none of the classes,
  /// `malformedFile` if there is no text, or what the reader of the layout throws.
  public subscript(index: Int) -> LabeledText {
    get throws { try rows.row(index, labels) }
  }

  /// A fingerprint of the classes and of the files' names and contents, for ``Dataset/map(cachedIn:key:timeout:progress:_:)``.
  ///
  /// - Throws: ``DataLoadingError`` with code `fileUnreadable`.
  public func contentKey() throws(DataLoadingError) -> ContentKey {
    var key = ContentKey()
    labels.names.names.forEach { key.add($0) }
    for file in files {
      // A class may be told by the folder, so the name counts, wherever the whole lies.
      key.add(file.split(separator: "/").suffix(2).joined(separator: "/"))
      try key.add(fileAt: file)
    }
    return key
  }

  private static func open(
    _ folder: String, _ split: String, _ classes: [String]
  ) throws(DataLoadingError) -> (any Rows, files: [String])? {
    func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
    let base = "\(folder)/\(split)"
    for (suffix, format) in [("csv", DelimitedFormat.csv), ("tsv", .tsv)]
    where isThere("\(base).\(suffix)") {
      return (try DelimitedRows("\(base).\(suffix)", format), ["\(base).\(suffix)"])
    }
    if isThere("\(base).jsonl") {
      return (try JSONRows(of: JSONRow.self, contentsOf: "\(base).jsonl"), ["\(base).jsonl"])
    }
    if isThere("\(folder)/dataset_dict.json") {
      let table = try ColumnTable(datasetAt: folder, split: split)
      return (try ColumnRows(table), table.paths)
    }
    for place in [folder, "\(folder)/data", "\(folder)/plain_text"] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
      let files = names.filter {
        $0 == "\(split).parquet" || $0.hasPrefix("\(split)-") && $0.hasSuffix(".parquet")
      }.sorted().map { "\(place)/\($0)" }
      if !files.isEmpty { return (try ColumnRows(ColumnTable(parquetFiles: files)), files) }
    }
    if isThere("\(base)/\(classes.first ?? "")") {
      let texts = try TextFolders(contentsOf: base, classes: classes)
      return (texts, texts.files.map(\.path))
    }
    return nil
  }
}
