import Foundation

/// A temporary folder that `deinit` deletes.
final class TemporaryFolder: Sendable {
  let path: String

  /// Creates a folder with files, given by their paths in the folder.
  init(_ files: [(path: String, bytes: [UInt8])] = []) throws {
    path = FileManager.default.temporaryDirectory.appending(path: "lockstep-\(UUID())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for file in files { try write(file.bytes, to: file.path) }
  }

  convenience init(texts: [(path: String, text: String)]) throws {
    try self.init(texts.map { ($0.path, Array($0.text.utf8)) })
  }

  func write(_ bytes: [UInt8], to file: String) throws {
    let url = URL(filePath: "\(path)/\(file)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
