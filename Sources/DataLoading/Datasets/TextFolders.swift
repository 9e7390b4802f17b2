import FoundationEssentials

/// Text files with one folder per class, as in aclImdb: `train/neg/0_3.txt`, `train/pos/0_9.txt`.
///
/// Files are sorted by class, then by name (by UTF-8 bytes). Each file is read on access. Hidden
/// files, whose names begin with a period, are ignored.
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
    let found = try Folder.names(in: folder).filter { name in
      // Archives from macOS contain this folder of hidden files.
      name != "__MACOSX" && Folder.isFolder("\(folder)/\(name)")
    }
    labels = try LabelMap(classes ?? found)
    var files: [(path: String, label: Int)] = []
    for (label, name) in labels.names.enumerated() {
      let members = try Folder.names(in: "\(folder)/\(name)").filter { $0.hasSuffix(suffix) }
      if members.isEmpty {
        throw DataLoadingError(
          .fileUnreadable,
          "the folder of class \(MessageText.quoted(name)) has no file that ends with \(suffix); "
            + "add "
            + "texts, or request other classes", path: "\(folder)/\(name)")
      }
      files += members.map { ("\(folder)/\(name)/\($0)", label) }
    }
    self.files = files
  }

  /// The sample at an index.
  public subscript(index: Int) -> LabeledText {
    get throws {
      try checkIndex(index)
      let (path, label) = files[index]
      let bytes = try FileBytes.read(path)
      let problem = bytes.withUnsafeBytes { TextEncoding.encodingProblem($0) }
      let start = bytes.withUnsafeBytes { TextEncoding.byteOrderMark($0) }
      guard problem == nil, let text = String(validating: bytes[start...], as: UTF8.self) else {
        let convert = "the file is not UTF-8; convert it (iconv -f WINDOWS-1252 -t UTF-8)"
        throw DataLoadingError(.malformedFile, problem ?? convert, path: path)
      }
      return LabeledText(text: text, label: label)
    }
  }
}
