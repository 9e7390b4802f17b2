/// The files of one split of a data set, found by their names.
///
/// Exactly one export may match, see ``LabeledTexts``: nothing is chosen by precedence, and nothing
/// is concatenated except the numbered shards of one export.
struct SplitFiles: Sendable {
  enum Layout: Sendable, Hashable {
    case csv, tsv, json, parquet
    /// A `DatasetDict` of `save_to_disk`.
    case savedSplits
    /// A single `Dataset` of `save_to_disk`, in a folder named for the split.
    case savedSplit
    /// One folder per class.
    case classFolders
  }

  let layout: Layout
  /// The files in the order of their shards, or the folder.
  let paths: [String]

  /// The layouts by file name extension.
  static let extensions: [(name: String, layout: Layout)] = [
    ("csv", .csv), ("tsv", .tsv), ("jsonl", .json), ("json", .json), ("parquet", .parquet),
  ]
  /// The folders, besides the data set's own, that may contain the files.
  static let parents = ["data", "plain_text"]

  /// Finds the files of a split.
  ///
  /// - Throws: ``DataLoadingError`` with code `fileUnreadable` if no file matches or a shard is
  ///   missing, `ambiguous` if several exports match.
  static func find(
    in folder: String, split: String, classes: [String]
  ) throws(DataLoadingError) -> SplitFiles {
    guard !split.isEmpty, !split.contains("/"), !split.hasPrefix(".") else {
      throw DataLoadingError(
        .invalidArgument, "the split \(MessageText.quoted(split)) is not a file name", path: folder)
    }
    var found: [SplitFiles] = []
    let names = try Folder.names(in: folder)
    for parent in [folder] + parents.filter(names.contains).map({ "\(folder)/\($0)" }) {
      guard parent == folder || Folder.isFolder(parent) else { continue }
      let members = parent == folder ? names : try Folder.names(in: parent)
      for (name, layout) in extensions {
        found += exports(members, split, name).map { files in
          SplitFiles(layout: layout, paths: files.map { "\(parent)/\($0)" })
        }
      }
    }
    if names.contains("dataset_dict.json") {
      found.append(SplitFiles(layout: .savedSplits, paths: [folder]))
    } else if names.contains(split), Folder.exists("\(folder)/\(split)/state.json") {
      found.append(SplitFiles(layout: .savedSplit, paths: ["\(folder)/\(split)"]))
    }
    if names.contains(split),
      classes.contains(where: { Folder.isFolder("\(folder)/\(split)/\($0)") })
    {
      found.append(SplitFiles(layout: .classFolders, paths: ["\(folder)/\(split)"]))
    }
    guard let files = found.first else { throw missing(folder, split, names) }
    guard found.count == 1 else {
      throw DataLoadingError(
        .ambiguous,
        "several exports match the split \(MessageText.quoted(split)): "
          + MessageText.list(found.map { $0.shortDescription(relativeTo: folder) })
          + "; keep one of them in the folder", path: folder)
    }
    try files.checkShards(split: split)
    return files
  }

  /// Returns the files of each export with an extension: one file without a number, or shards.
  private static func exports(
    _ names: [String], _ split: String, _ suffix: String
  ) -> [[String]] {
    var exports: [[String]] = names.contains("\(split).\(suffix)") ? [["\(split).\(suffix)"]] : []
    var shards: [Int: [(index: Int, name: String)]] = [:]
    for name in names {
      guard let shard = Shard(name, split: split, suffix: suffix) else { continue }
      shards[shard.count, default: []].append((shard.index, name))
    }
    for count in shards.keys.sorted() {
      let found = (shards[count] ?? []).sorted { ($0.index, $0.name) < ($1.index, $1.name) }
      exports.append(found.map(\.name))
    }
    return exports
  }

  /// Checks that an export with shards is complete.
  ///
  /// - Throws: ``DataLoadingError`` with code `fileUnreadable` if a shard is missing, `ambiguous`
  ///   if one exists twice.
  private func checkShards(split: String) throws(DataLoadingError) {
    let shards = paths.compactMap { path -> Shard? in
      let name = path.split(separator: "/").last.map(String.init) ?? path
      return Shard(name, split: split, suffix: String(name.split(separator: ".").last ?? ""))
    }
    try Shard.check(shards, paths: paths)
  }

  /// The first and the last file, or the only one.
  private func shortDescription(relativeTo folder: String) -> String {
    func relative(_ path: String) -> String {
      String(Substring(path.utf8.dropFirst(folder.utf8.count + 1)))
    }
    let name = relative(paths[0])
    switch layout {
    case .savedSplits: return "dataset_dict.json"
    case .savedSplit: return "\(name)/state.json"
    case .classFolders: return "\(name)/"
    default: return paths.count == 1 ? name : "\(name) … \(relative(paths[paths.count - 1]))"
    }
  }

  private static func missing(
    _ folder: String, _ split: String, _ names: [String]
  ) -> DataLoadingError {
    let similar = names.filter { $0.lowercased().hasPrefix(split.lowercased()) }
    let others = similar.isEmpty ? names : similar
    var contents =
      others.isEmpty
      ? "the folder has no files, or only hidden ones"
      : "the folder contains \(MessageText.list(others))"
    if names.contains(split), let members = try? Folder.names(in: "\(folder)/\(split)") {
      contents += ", and \(MessageText.quoted(split)) contains \(MessageText.list(members))"
    }
    return DataLoadingError(
      .fileUnreadable,
      "no texts found for the split \(MessageText.quoted(split)); \(contents). Provide "
        + "\(split).csv, .tsv, .jsonl, .json or .parquet, shards such as "
        + "\(split)-00000-of-00002.parquet (also in data or plain_text), dataset_dict.json, or a "
        + "folder \(split) with one folder per class", path: folder)
  }
}
