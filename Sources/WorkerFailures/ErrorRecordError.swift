import Glibc

/// A file for an ``ErrorRecord`` that could not be read or written.
public struct ErrorRecordError: Error, Hashable, CustomStringConvertible {
  /// The kind of failure.
  public struct Code: Sendable, Hashable {
    private enum Kind { case unreadable, empty, unwritable }
    private var kind: Kind

    /// The file does not exist or may not be read.
    public static let unreadable = Code(kind: .unreadable)

    /// The file exists but holds nothing: its writer was killed, or never wrote.
    public static let empty = Code(kind: .empty)

    /// The file's folder does not exist, may not be written, or is full.
    public static let unwritable = Code(kind: .unwritable)
  }

  /// The kind of failure.
  public var code: Code

  /// What happened, to which file, and what to do about it.
  public var message: String

  /// The message.
  public var description: String { message }

  static func unreadable(_ path: String, _ reason: Int32) -> Self {
    Self(
      code: .unreadable, message: "cannot read the error file \(path): \(text(reason))")
  }

  static func empty(_ path: String) -> Self {
    Self(code: .empty, message: "the error file \(path) is empty")
  }

  static func unwritable(_ path: String, _ reason: Int32) -> Self {
    Self(
      code: .unwritable,
      message: "cannot write the error file \(path): \(text(reason)); "
        + "\(ErrorRecord.fileVariable) must name a file in an existing, writable folder")
  }

  private static func text(_ reason: Int32) -> String { String(cString: strerror(reason)) }
}
