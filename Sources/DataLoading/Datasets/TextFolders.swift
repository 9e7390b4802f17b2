import FoundationEssentials

/// Text files with one folder per class, as in aclImdb: `train/neg/0_3.txt`, `train/pos/0_9.txt`.
///
/// Files are sorted by class, then by name (by UTF-8 bytes). Each file is read on access.
public struct TextFolders: Dataset {
  /// The classes, named after their folders.
  public let labels: LabelMap

  let files: [(path: String, label: Int)]

  /// The number of files.
  public var count: Int { files.count }

  /// Lists the files.
  ///
  /// - Parameters:
  ///   - folder: The folder that contains the class folders.
  ///   - classes: The class folders to use, in index order; `nil` for all, sorted by name.
  ///   - suffix: The suffix of the file names.
  /// - Throws: ``DataLoadingError`` with code `fileUnreadable` if a folder cannot be read or has no
  ///   matching file.
  public init(
    contentsOf folder: String, classes: [String]? = nil, suffix: String = ".txt"
  ) throws(DataLoadingError) {
    func names(_ path: String) throws(DataLoadingError) -> [String] {
      do {
        return try FileManager.default.contentsOfDirectory(atPath: path)
          .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      } catch {
        throw DataLoadingError(
          .fileUnreadable, "could not list the folder: \(error)", path: path,
          cause: error)
      }
    }
    let found = try names(folder).filter { name in
      var isFolder = false
      return FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
        && isFolder
    }
    labels = try LabelMap(classes ?? found)
    var files: [(path: String, label: Int)] = []
    for (label, name) in labels.names.enumerated() {
      let members = try names("\(folder)/\(name)").filter { $0.hasSuffix(suffix) }
      if members.isEmpty {
        throw DataLoadingError(
          .fileUnreadable, "the folder of class \"\(name)\" has no file that ends with \(suffix)",
          path: "\(folder)/\(name)")
      }
      files += members.map { ("\(folder)/\(name)/\($0)", label) }
    }
    self.files = files
  }

  /// The sample at an index.
  public subscript(index: Int) -> LabeledText {
    get throws {
      let (path, label) = files[index]
      let bytes = try FileBytes.read(path)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw DataLoadingError(
          .malformedFile, "the file is not UTF-8; convert it to UTF-8", path: path)
      }
      return LabeledText(text: text, label: label)
    }
  }
}
