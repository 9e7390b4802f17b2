/// The value of a label as a file stores it.
enum LabelValue: Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case unsigned(UInt64)
  /// A floating-point number, with its text in a text file.
  case real(Double, text: String? = nil)
  case text(String)
  /// A value that cannot be a label, as text for an error message.
  case other(String)

  /// The value in a table.
  init(_ value: ColumnValue) {
    switch value {
    case .null: self = .null
    case .boolean(let value): self = .boolean(value)
    case .integer(let value): self = .integer(value)
    case .unsigned(let value): self = .unsigned(value)
    case .real(let value): self = .real(value)
    case .text(let value): self = .text(value)
    case .bytes, .list: self = .other(value.excerpt)
    }
  }

  /// The value as an index, if it is a whole number or a Boolean.
  ///
  /// In text, `1.0` is a whole number, because libraries that store missing values as NaN convert
  /// integers to floating point.
  var index: Int? {
    switch self {
    case .null, .other: return nil
    case .boolean(let value): return value ? 1 : 0
    case .integer(let value): return Int(exactly: value)
    case .unsigned(let value): return Int(exactly: value)
    case .real(let value, _): return Int(exactly: value)
    case .text(let text):
      if let value = Int(text) { return value }
      switch text {
      case "true", "True", "TRUE": return 1
      case "false", "False", "FALSE": return 0
      default: break
      }
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[1].isEmpty, parts[1].utf8.allSatisfy({ $0 == 0x30 })
      else { return nil }
      return Int(parts[0])
    }
  }

  /// The value as an error message shows it.
  var excerpt: String {
    switch self {
    case .null: "null"
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .real(let value, let text): text.map { MessageText.shortened($0) } ?? "\(value)"
    case .text(let text): MessageText.quoted(text)
    case .other(let text): MessageText.shortened(text)
    }
  }
}
