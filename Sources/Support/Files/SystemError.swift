import Glibc

/// A failed call of the operating system.
///
/// Modules convert it to their own error types, which add a code and a remedy.
package struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What failed, on which file, and the system's reason.
  package let message: String

  /// The value of `errno`.
  package let number: Int32

  /// Creates an error with the message `ACTION 'PATH': REASON`.
  ///
  /// - Parameters:
  ///   - action: What could not be done, such as `cannot open`.
  ///   - path: The file.
  ///   - number: The value of `errno`.
  package init(_ action: String, _ path: String, _ number: Int32 = errno) {
    self.init(message: "\(action) '\(path)': \(Self.reason(number))", number: number)
  }

  /// Creates an error with a given message.
  package init(message: String, number: Int32) {
    self.message = message
    self.number = number
  }

  /// The message.
  package var description: String { message }

  /// The system's text for an error number.
  package static func reason(_ number: Int32 = errno) -> String {
    String(cString: strerror(number))
  }
}
