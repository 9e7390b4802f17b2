import Glibc

/// The process's standard error, unbuffered.
package enum StandardError {
  /// Writes all of `text` before it returns, so that it is not lost when the process exits.
  ///
  /// Errors are ignored.
  package static func write(_ text: String) {
    var text = text
    text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
  }

  private static func write(_ bytes: UnsafeRawBufferPointer) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let next = UnsafeRawBufferPointer(rebasing: rest)
      let count = Glibc.write(STDERR_FILENO, next.baseAddress, next.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return }
      rest = rest.dropFirst(count)
    }
  }
}
