internal import Support

/// The field format of a text table.
///
/// Rows end with a line feed, optionally preceded by a carriage return. Other line separators, such
/// as U+0085 and U+2028, are part of a field.
public struct DelimitedFormat: Sendable, Hashable {
  /// The byte between two fields.
  public var separator: UInt8

  /// Whether a field may be enclosed in double quotes.
  ///
  /// Inside quotes, separators and line ends are text, and a doubled quote is one quote.
  public var quotes: Bool

  /// Creates a format.
  ///
  /// - Precondition: `separator` is an ASCII character other than a quote or a line end.
  public init(
    separator: Character, quotes: Bool, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      separator.asciiValue.map { !Array("\"\r\n".utf8).contains($0) } ?? false,
      "the separator \(MessageText.quoted(String(separator))) must be an ASCII character other "
        + "than a quote or line end", file: file, line: line)
    self.separator = separator.asciiValue ?? 0
    self.quotes = quotes
  }

  /// Comma-separated values with quotes (RFC 4180).
  public static let csv = DelimitedFormat(separator: ",", quotes: true)

  /// Tab-separated values without quotes (IANA's text/tab-separated-values, and GLUE's files).
  public static let tsv = DelimitedFormat(separator: "\t", quotes: false)
}
