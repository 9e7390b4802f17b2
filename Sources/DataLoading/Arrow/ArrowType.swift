internal import CArrow

/// The supported column types, parsed from the format strings of Arrow's C data interface.
indirect enum ArrowType: Sendable, Hashable {
  case null, boolean
  case int8, int16, int32, int64, uint8, uint16, uint32, uint64
  case float32, float64
  /// Text and bytes have 32-bit offsets, or 64-bit offsets if large.
  case text(isLarge: Bool)
  case bytes(isLarge: Bool)
  case list(ArrowType, isLarge: Bool)

  /// Parses the type of a column; `name` is the path of the column for error messages.
  init(_ schema: ArrowSchema, name: String, path: String) throws(DataLoadingError) {
    let format = schema.format.map { String(cString: $0) } ?? ""
    func unsupported(_ what: String) -> DataLoadingError {
      DataLoadingError(
        .unsupported,
        "the column \"\(name)\" has the Arrow type \(what), which is not supported; convert it "
          + "to numbers, text, bytes or lists of these, or drop the column", path: path)
    }
    guard schema.dictionary == nil else { throw unsupported("dictionary") }
    switch format {
    case "n": self = .null
    case "b": self = .boolean
    case "c": self = .int8
    case "s": self = .int16
    case "i": self = .int32
    case "l": self = .int64
    case "C": self = .uint8
    case "S": self = .uint16
    case "I": self = .uint32
    case "L": self = .uint64
    case "f": self = .float32
    case "g": self = .float64
    case "u": self = .text(isLarge: false)
    case "U": self = .text(isLarge: true)
    case "z": self = .bytes(isLarge: false)
    case "Z": self = .bytes(isLarge: true)
    case "+l", "+L":
      guard let child = schema.children?[0]?.pointee else {
        throw unsupported("list without items")
      }
      self = .list(
        try ArrowType(child, name: "\(name).item", path: path), isLarge: format == "+L")
    default: throw unsupported(Self.name(of: format))
    }
  }

  private static func name(of format: String) -> String {
    let names: [(prefix: String, name: String)] = [
      ("e", "float16"), ("d:", "decimal"), ("w:", "fixed_size_binary"), ("vu", "string_view"),
      ("vz", "binary_view"), ("td", "date"), ("tt", "time"), ("ts", "timestamp"),
      ("tD", "duration"), ("ti", "interval"), ("+s", "struct"), ("+m", "map"),
      ("+w:", "fixed_size_list"), ("+u", "union"), ("+r", "run_end_encoded"), ("+v", "list_view"),
    ]
    return names.first { format.hasPrefix($0.prefix) }?.name ?? "\"\(format)\""
  }
}
