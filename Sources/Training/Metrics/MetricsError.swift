import Glibc

/// Why numbers of a training run could not be kept.
public struct MetricsError: Error, Hashable, CustomStringConvertible {
  /// The kind of failure.
  public struct Code: Sendable, Hashable {
    private enum Kind { case inputOutput, invalidName }
    private var kind: Kind

    /// A file could not be created or written: no permission, a full disk.
    public static let inputOutput = Code(kind: .inputOutput)

    /// A scalar has a name that the format needs for itself.
    public static let invalidName = Code(kind: .invalidName)
  }

  /// The kind of failure.
  public var code: Code

  /// What happened, to which file, and what to do about it.
  public var message: String

  /// The message.
  public var description: String { message }

  init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }

  /// A failed call of the system; reads `errno`.
  static func system(_ what: String, _ path: String) -> MetricsError {
    MetricsError(
      .inputOutput,
      "\(what) '\(path)': \(String(cString: strerror(errno))); metrics need an existing, writable "
        + "folder with free space")
  }
}
