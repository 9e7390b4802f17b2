/// Data could not be read, or a sampler or loader was asked for something that makes no sense.
public struct DataLoadingError: Error, Sendable, CustomStringConvertible {
  /// What went wrong, for programs that react to it.
  public struct Code: Hashable, Sendable {
    private enum Kind {
      case fileUnreadable, malformedFile, missingColumn, unknownLabel, invalidArgument
      case threadRefused, timedOut, mismatch, fileUnwritable, unsupported
    }
    private let kind: Kind

    /// A file is missing or could not be read.
    public static let fileUnreadable = Code(kind: .fileUnreadable)
    /// A file could not be written; what stood in its place before is intact.
    public static let fileUnwritable = Code(kind: .fileUnwritable)
    /// A file holds something that this module does not read.
    public static let unsupported = Code(kind: .unsupported)
    /// A file breaks the rules of its format, or is not UTF-8.
    public static let malformedFile = Code(kind: .malformedFile)
    /// A table has no column of a name.
    public static let missingColumn = Code(kind: .missingColumn)
    /// A label is none of the names given.
    public static let unknownLabel = Code(kind: .unknownLabel)
    /// An argument is outside of what makes sense, such as a batch size of 0.
    public static let invalidArgument = Code(kind: .invalidArgument)
    /// The system has no thread left for the loader.
    public static let threadRefused = Code(kind: .threadRefused)
    /// The loader's thread gave no batch within the time limit.
    public static let timedOut = Code(kind: .timedOut)
    /// A saved position is one in other data, or in another order.
    public static let mismatch = Code(kind: .mismatch)
  }

  /// What went wrong.
  public let code: Code

  /// What went wrong and what to do about it; with `path:line:` in front if it is about a file.
  public let message: String

  /// The file at fault, if any.
  public let path: String?

  /// The line in the file, counted from 1, if it is about one line.
  public let line: Int?

  /// The error underneath, where there is one.
  public let cause: (any Error)?

  init(
    _ code: Code, _ message: String, path: String? = nil, line: Int? = nil,
    cause: (any Error)? = nil
  ) {
    let place = path.map { path in line.map { "\(path):\($0): " } ?? "\(path): " } ?? ""
    self.code = code
    self.message = place + message
    self.path = path
    self.line = line
    self.cause = cause
  }

  /// The message.
  public var description: String { message }
}
