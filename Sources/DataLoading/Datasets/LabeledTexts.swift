import FoundationEssentials

/// Texts with their classes, from a folder in one of the common layouts for text classification.
///
/// | Files in the folder | Content |
/// |---|---|
/// | `train.csv`, `train.tsv` | columns `text` and `label` |
/// | `train.jsonl`, `train.json` | objects `{"text": …, "label": …}`, one per line or in an array |
/// | `train.parquet` | columns `text` and `label` |
/// | `dataset_dict.json` | a `DatasetDict` from `save_to_disk` of Hugging Face's `datasets` |
/// | `train/state.json` | a `Dataset` from `save_to_disk` |
/// | `train/neg/*.txt`, `train/pos/*.txt` | one folder for each class, as in aclImdb |
///
/// Each file may be split into shards such as `train-00000-of-00002.parquet`, and may be in a
/// subfolder `data` or `plain_text`, as in data sets from the Hugging Face Hub.
///
/// Exactly one export must match:
///
/// - The name before the extension or the shard's number must equal the split. `training.csv` and
///   `train-hard.csv` do not belong to the split `train`.
/// - Several matches, such as `train.csv` beside `train.jsonl`, or shards of two exports, are an
///   error.
/// - All shards from 0 to the number in their names must exist, each once.
/// - Hidden files, whose names begin with a period, are ignored.
/// - `state.json` names the files of `save_to_disk`; other files in its folder are ignored.
///
/// A label is the name of a class, or its index as a whole number (`1`, `1.0`) or Boolean. If a
/// class is named by a whole number, numbers are names only. If the metadata declare class names
/// (`ClassLabel` in `dataset_info.json`, `README.md`, or the metadata of Arrow and Parquet files),
/// indices refer to the declared names: with `["pos", "neg"]` declared, the label 0 is `pos`
/// whatever the order of the requested classes.
///
/// ```swift
/// let reviews = try LabeledTexts(at: "imdb", split: "train", classes: ["neg", "pos"])
/// print(reviews.summary)  // train: 25000 texts in imdb/train.csv; classes "neg" (0), "pos" (1)
/// ```
public struct LabeledTexts: Dataset {
  /// The number of texts.
  public var count: Int { rows.count }

  /// The files that contain the texts.
  public let files: [String]

  /// One line that names the split, the number of texts, the files and the classes.
  public var summary: String {
    let classes = labels.names.names.indices.prefix(12).map {
      "\(MessageText.quoted(labels.names.names[$0])) (\($0))"
    }
    let more = labels.names.names.count > 12 ? ", …" : ""
    var line =
      "\(split): \(count) texts in \(location); classes \(classes.joined(separator: ", "))\(more)"
    if let declaration = labels.declaration, declaration.names != labels.names.names {
      line += "; labels are indices of \(MessageText.list(declaration.names)), declared in "
      line += MessageText.path(declaration.path)
    }
    return MessageText.message(line)
  }

  private let split: String
  private let rows: any Rows
  let labels: ClassLabels

  /// Opens the texts of one split.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - split: The split, such as `train`.
  ///   - classes: The names of the classes, in index order.
  /// - Throws: ``DataLoadingError`` with code `fileUnreadable` if no layout matches or a shard is
  ///   missing, `ambiguous` if several exports match, `unknownLabel` if the metadata declare other
  ///   classes, `missingColumn`, or the errors of the layout's reader.
  public init(at folder: String, split: String, classes: [String]) throws(DataLoadingError) {
    try self.init(at: folder, split: split, classes: classes, usesDeclaration: false)
  }

  init(
    at folder: String, split: String, classes: [String], usesDeclaration: Bool
  ) throws(DataLoadingError) {
    // Reject invalid classes before reading any file.
    _ = try LabelMap(classes)
    let slashes = folder.reversed().prefix { $0 == "/" }.count
    let folder = slashes < folder.count ? String(folder.dropLast(slashes)) : folder
    let found = try SplitFiles.find(in: folder, split: split, classes: classes)
    let opened = try Self.open(found, folder, split, classes)
    self.split = split
    rows = opened.rows
    files = opened.files
    let declared = usesDeclaration ? opened.declaration?.names : nil
    let areDeclared = declared.map { classes.allSatisfy($0.contains) } ?? true
    labels = try ClassLabels(
      areDeclared ? classes : declared ?? classes, declaration: opened.declaration)
  }

  /// The text at an index.
  ///
  /// Throws ``DataLoadingError`` with code `unknownLabel` if the label is not one of the classes,
  /// `malformedFile` if there is no text, or the errors of the layout's reader.
  public subscript(index: Int) -> LabeledText {
    get throws {
      try checkIndex(index)
      return try rows.row(index, labels)
    }
  }

  /// Returns a fingerprint of the classes and of the files' names and contents.
  ///
  /// Use it as a key for ``Dataset/map(cachedIn:key:timeout:progress:_:)``.
  ///
  /// - Throws: ``DataLoadingError`` with code `fileUnreadable`.
  public func contentKey() throws(DataLoadingError) -> ContentKey {
    var key = ContentKey()
    labels.names.names.forEach { key.add($0) }
    if let declaration = labels.declaration {
      key.add("declared")
      declaration.names.forEach { key.add($0) }
    }
    for file in files {
      // Include the parent folder's name, which may be the class, but not the rest of the path.
      key.add(file.split(separator: "/").suffix(2).joined(separator: "/"))
      try key.add(fileAt: file)
    }
    return key
  }

  /// The files as the summary names them.
  private var location: String {
    let paths = files.map { MessageText.path($0) }
    guard let first = paths.first, let last = paths.last else { return "no file" }
    if paths.count == 1 { return first }
    return "\(paths.count) files \(first) … \(last)"
  }

  private struct Opened {
    var rows: any Rows
    var files: [String]
    var declaration: ClassDeclaration?
  }

  private static func open(
    _ found: SplitFiles, _ folder: String, _ split: String, _ classes: [String]
  ) throws(DataLoadingError) -> Opened {
    let columns = ["text", "label"]
    let table: ColumnTable
    switch found.layout {
    case .csv, .tsv, .json:
      var parts: [any Rows] = []
      for path in found.paths {
        switch found.layout {
        case .csv: parts.append(try DelimitedRows(path, .csv))
        case .tsv: parts.append(try DelimitedRows(path, .tsv))
        default: parts.append(try JSONRecords(path))
        }
      }
      return Opened(
        rows: parts.count == 1 ? parts[0] : ConcatenatedRows(parts), files: found.paths,
        declaration: try declaration(besides: found.paths, folder, []))
    case .classFolders:
      let texts = try TextFolders(contentsOf: found.paths[0], classes: classes)
      return Opened(rows: texts, files: texts.files.map(\.path))
    case .parquet: table = try ColumnTable(parquetFiles: found.paths, columns: columns)
    case .savedSplits: table = try ColumnTable(datasetAt: folder, split: split, columns: columns)
    case .savedSplit: table = try ColumnTable(datasetAt: found.paths[0], columns: columns)
    }
    return Opened(
      rows: try ColumnRows(table), files: table.paths,
      declaration: try declaration(besides: table.paths, folder, table.metadata))
  }

  /// Returns the class names that metadata declare, in separate files or in the data files.
  private static func declaration(
    besides files: [String], _ folder: String, _ metadata: [ColumnTable.Metadata]
  ) throws(DataLoadingError) -> ClassDeclaration? {
    var declarations: [ClassDeclaration] = []
    for item in metadata {
      if let declaration = try ClassDeclaration(
        json: item.huggingFace.utf8, column: "label", path: item.path)
      {
        declarations.append(declaration)
      }
    }
    var folders = [folder]
    for file in files {
      let parent = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        .joined(separator: "/")
      if !folders.contains(parent) { folders.append(parent) }
    }
    for folder in folders {
      for name in ["dataset_info.json", "dataset_infos.json"] {
        let path = "\(folder)/\(name)"
        guard Folder.exists(path) else { continue }
        if let declaration = try ClassDeclaration(
          json: try FileBytes.read(path), column: "label", path: path)
        {
          declarations.append(declaration)
        }
      }
      let path = "\(folder)/README.md"
      guard Folder.exists(path) else { continue }
      let card = String(decoding: try FileBytes.read(path), as: UTF8.self)
      if let declaration = try ClassDeclaration(card: card, column: "label", path: path) {
        declarations.append(declaration)
      }
    }
    return try ClassDeclaration.common(declarations)
  }
}
