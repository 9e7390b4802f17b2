package import Foundation

/// A folder whose files are written completely or not at all.
package struct OutputFolder {
  private let path: String

  /// Opens a folder, and creates it if it is missing.
  ///
  /// - Throws: ``SystemError`` when it cannot be created.
  package init(_ path: String) throws(SystemError) {
    self.path = path
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw SystemError(
        message: "cannot create the folder '\(path)': \(error); choose another folder",
        number: EIO)
    }
  }

  /// Replaces the file `name` in one step.
  ///
  /// - Throws: ``SystemError``; an earlier file of that name is then unchanged.
  package func write(_ data: Data, to name: String) throws(SystemError) {
    do throws(SystemError) {
      try AtomicFile.write(path: "\(path)/\(name)") { (file) throws(SystemError) in
        try file.append(data)
      }
    } catch {
      throw SystemError(
        message: "\(error.message); the previous file is unchanged", number: error.number)
    }
  }
}
