/// One value of a table.
public enum ColumnValue: Sendable, Hashable {
  /// No value.
  case null
  /// True or false.
  case boolean(Bool)
  /// A signed integer.
  case integer(Int64)
  /// An unsigned integer.
  case unsigned(UInt64)
  /// A floating-point number; 32-bit values are widened.
  case real(Double)
  /// Text.
  case text(String)
  /// Bytes.
  case bytes([UInt8])
  /// A list of values of one type.
  case list([ColumnValue])

  /// The text, if the value is text.
  public var text: String? {
    if case .text(let text) = self { return text }
    return nil
  }

  /// The value as an integer, if it fits in `Int`; a Boolean is 0 or 1.
  public var integer: Int? {
    switch self {
    case .integer(let number): Int(number)
    case .unsigned(let number): Int(exactly: number)
    case .boolean(let value): value ? 1 : 0
    default: nil
    }
  }

  /// The value as an error message shows it, before it is shortened.
  var excerpt: String {
    switch self {
    case .null: "null"
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .real(let value): "\(value)"
    case .text(let text): MessageText.quoted(text)
    case .bytes(let bytes):
      "0x"
        + bytes.prefix(40).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        + (bytes.count > 40 ? "…" : "")
    case .list(let values):
      "[" + values.prefix(8).map(\.excerpt).joined(separator: ", ")
        + (values.count > 8 ? ", …]" : "]")
    }
  }
}
