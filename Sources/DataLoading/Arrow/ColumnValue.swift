/// One value of a table.
public enum ColumnValue: Sendable, Hashable {
  /// No value.
  case null
  /// True or false.
  case boolean(Bool)
  /// A whole number of up to 64 bits.
  case integer(Int64)
  /// A whole number that is of an unsigned type.
  case unsigned(UInt64)
  /// A floating-point number; one of 32 bits is widened.
  case real(Double)
  /// A text.
  case text(String)
  /// Bytes.
  case bytes([UInt8])
  /// Values of one type.
  case list([ColumnValue])

  /// The text, if it is one.
  public var text: String? {
    if case .text(let text) = self { return text }
    return nil
  }

  /// The whole number, if it is one that fits.
  public var integer: Int? {
    switch self {
    case .integer(let number): Int(number)
    case .unsigned(let number): Int(exactly: number)
    case .boolean(let value): value ? 1 : 0
    default: nil
    }
  }
}
