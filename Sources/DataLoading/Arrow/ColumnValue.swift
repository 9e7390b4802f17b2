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
}
