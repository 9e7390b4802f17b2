internal import Support

/// A failure of the contract between a launcher and its workers: a variable or an error file.
public struct WorkerError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of failure.
  public struct Code: Sendable, Hashable {
    private enum Kind { case invalidEnvironment, unreadable, empty, unwritable }
    private var kind: Kind

    /// A variable that the launcher sets is missing or has an invalid value.
    public static let invalidEnvironment = Code(kind: .invalidEnvironment)

    /// The error file does not exist or cannot be read.
    public static let unreadable = Code(kind: .unreadable)

    /// The error file is empty, because its writer was killed or wrote nothing.
    public static let empty = Code(kind: .empty)

    /// The error file's folder does not exist, is read-only, or its disk is full.
    public static let unwritable = Code(kind: .unwritable)
  }

  /// The kind of failure.
  public var code: Code

  /// What happened, and the remedy.
  public var message: String

  /// The message.
  public var description: String { message }

  static func unreadable(_ path: String, _ number: Int32) -> Self {
    Self(
      code: .unreadable,
      message: "cannot read the error file \(path): \(SystemError.reason(number))")
  }

  static func empty(_ path: String) -> Self {
    Self(code: .empty, message: "the error file \(path) is empty")
  }

  static func unwritable(_ path: String, _ number: Int32) -> Self {
    Self(
      code: .unwritable,
      message: "cannot write the error file \(path): \(SystemError.reason(number)); "
        + "\(WorkerVariable.errorFile.rawValue) must name a file in an existing, writable folder")
  }
}
