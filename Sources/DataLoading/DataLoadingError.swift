/// An error of reading data, or an invalid argument to a sampler or loader.
public struct DataLoadingError: Error, Sendable, CustomStringConvertible {
  /// The kind of an error, for programs that handle it.
  public struct Code: Hashable, Sendable {
    private enum Kind {
      case fileUnreadable, malformedFile, missingColumn, unknownLabel, invalidArgument
      case threadRefused, timedOut, mismatch, fileUnwritable, unsupported, ambiguous
    }
    private let kind: Kind

    /// A file is missing or could not be read.
    public static let fileUnreadable = Code(kind: .fileUnreadable)
    /// A file could not be written; its previous content is intact.
    public static let fileUnwritable = Code(kind: .fileUnwritable)
    /// Reading a file needs a feature that is not supported or a library that is not installed.
    public static let unsupported = Code(kind: .unsupported)
    /// A file violates its format, or is not UTF-8.
    public static let malformedFile = Code(kind: .malformedFile)
    /// Several files or columns match a request, so the intended one is unknown.
    public static let ambiguous = Code(kind: .ambiguous)
    /// A table has no column with the requested name.
    public static let missingColumn = Code(kind: .missingColumn)
    /// A label is not one of the given classes.
    public static let unknownLabel = Code(kind: .unknownLabel)
    /// An argument is invalid, such as a batch size of 0.
    public static let invalidArgument = Code(kind: .invalidArgument)
    /// The system could not start a thread for the loader.
    public static let threadRefused = Code(kind: .threadRefused)
    /// No batch, or no cache file of another process, was ready within the time limit.
    public static let timedOut = Code(kind: .timedOut)
    /// A saved position belongs to different data or a different order.
    public static let mismatch = Code(kind: .mismatch)
  }

  /// The kind of the error.
  public let code: Code

  /// What happened, and the remedy; prefixed with the path and the line or row if it concerns a
  /// file.
  ///
  /// One line of at most 2,000 bytes. Values from files are escaped and shortened to 80 characters.
  public let message: String

  /// The affected file, if any.
  public let path: String?

  /// The affected line, counted from 1, if any.
  public let line: Int?

  /// The affected row of the file, counted from 0, if any.
  public let row: Int?

  /// The name of the affected column, if any.
  public let column: String?

  /// The underlying error, if any.
  public let cause: (any Error)?

  init(
    _ code: Code, _ message: String, path: String? = nil, line: Int? = nil, row: Int? = nil,
    column: String? = nil, cause: (any Error)? = nil
  ) {
    var prefix = path.map { MessageText.path($0) } ?? ""
    if let line { prefix += ":\(line)" }
    if !prefix.isEmpty { prefix += ": " }
    if let row { prefix += "row \(row): " }
    self.code = code
    self.message = MessageText.message(prefix + message)
    self.path = path
    self.line = line
    self.row = row
    self.column = column
    self.cause = cause
  }

  /// The message.
  public var description: String { message }
}
