import FoundationEssentials

/// The contents of folders.
enum Folder {
  /// Returns the names in a folder in the order of their bytes, without hidden files.
  static func names(in folder: String) throws(DataLoadingError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
        .filter { !$0.hasPrefix(".") }
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    } catch {
      let reason =
        exists(folder)
        ? (isFolder(folder)
          ? "could not list the folder: \(error)" : "this is a file, not a folder")
        : "the folder does not exist; check the path"
      throw DataLoadingError(.fileUnreadable, reason, path: folder, cause: error)
    }
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  static func isFolder(_ path: String) -> Bool {
    var isFolder = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
  }
}
