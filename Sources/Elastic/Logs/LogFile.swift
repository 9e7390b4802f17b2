import Glibc

/// An unbuffered log file.
///
/// The first failed write is reported, and closes the file.
final class LogFile {
  private let path: String
  private let onFailure: (String) -> Void
  private var file: Descriptor?

  /// Creates the file, or opens it to append at its end.
  ///
  /// - Parameters:
  ///   - path: The path of the file, in an existing folder.
  ///   - onFailure: Receives a message when a write fails, at most once.
  /// - Throws: ``ElasticError`` if the file cannot be created.
  init(_ path: String, onFailure: @escaping (String) -> Void) throws(ElasticError) {
    self.path = path
    self.onFailure = onFailure
    file = try .open(path, O_WRONLY | O_CREAT | O_APPEND)
  }

  /// Writes bytes at the end of the file; does nothing after a failed write.
  func append(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while let file, !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(file.number, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        self.file = nil
        onFailure(
          "cannot write the log \(path): \(systemMessage(errno)); it receives no further output")
      }
    }
  }
}
