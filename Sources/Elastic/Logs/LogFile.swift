import Glibc

/// A log that is written as it comes; when it cannot be written any more, that is told once.
final class LogFile {
  private let path: String
  private let onLoss: (String) -> Void
  private var file: Descriptor?

  /// Creates the file, or goes on at its end.
  ///
  /// - Parameters:
  ///   - path: Where it is; its folder exists.
  ///   - onLoss: Is told once why it could not be written; it is given up then.
  /// - Throws: ``ElasticError`` if it cannot be created.
  init(_ path: String, onLoss: @escaping (String) -> Void) throws(ElasticError) {
    self.path = path
    self.onLoss = onLoss
    file = try .open(path, O_WRONLY | O_CREAT | O_APPEND)
  }

  /// Writes some bytes.
  func append(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while let file, !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(file.number, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        self.file = nil
        onLoss(
          "cannot write the log \(path): \(systemMessage(errno)); what follows is not kept in it")
      }
    }
  }
}
