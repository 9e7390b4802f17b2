internal import CArrow

/// The supported column types, parsed from the format strings of Arrow's C data interface.
indirect enum ArrowType: Sendable, Hashable {
  case null, boolean
  case int8, int16, int32, int64, uint8, uint16, uint32, uint64
  case float16, float32, float64
  /// A number of `width` bytes, divided by 10 to the power of `scale`.
  case decimal(width: Int, precision: Int, scale: Int)
  /// Text and bytes have 32-bit offsets, or 64-bit offsets if large.
  case text(isLarge: Bool)
  case bytes(isLarge: Bool)
  case textView, bytesView
  case fixedBytes(width: Int)
  case list(ArrowType, isLarge: Bool)
  case listView(ArrowType, isLarge: Bool)
  case fixedList(ArrowType, count: Int)
  /// Each row stores the index of a value in a dictionary.
  case dictionary(ArrowType, index: ArrowType)
  /// Each value is repeated in all rows of a run; `end` is the type of the run ends.
  case runs(ArrowType, end: ArrowType)

  /// The ``ColumnValue`` case that represents values of a type.
  ///
  /// The files of a table may store values of one kind as different types.
  indirect enum Kind: Hashable {
    case null, boolean, integer, real, text, bytes
    case list(Kind)

    /// Whether values of both kinds can be in one column.
    func matches(_ other: Kind) -> Bool {
      switch (self, other) {
      case (.null, _), (_, .null): true
      case (.list(let element), .list(let other)): element.matches(other)
      default: self == other
      }
    }
  }

  /// Parses the type of a column; `name` is the path of the column for error messages.
  init(_ schema: ArrowSchema, name: String, path: String) throws(DataLoadingError) {
    let format = schema.format.map { String(cString: $0) } ?? ""
    func unsupported(_ what: String) -> DataLoadingError {
      DataLoadingError(
        .unsupported,
        "the column \(MessageText.quoted(name)) has the Arrow type \(what), which is not "
          + "supported; "
          + "convert it to numbers, text, bytes or lists of these, or do not read the column",
        path: path, column: name)
    }
    func child(_ index: Int, _ label: String) throws(DataLoadingError) -> ArrowType {
      guard index < schema.n_children, let child = schema.children?[index]?.pointee else {
        throw unsupported("\(Self.name(of: format)) without \(label)")
      }
      return try ArrowType(child, name: "\(name).\(label)", path: path)
    }
    let numbers = format.split(separator: ":", maxSplits: 1).dropFirst().first?
      .split(separator: ",").map { Int($0) ?? -1 }
    let type: ArrowType
    switch format {
    case "n": type = .null
    case "b": type = .boolean
    case "c": type = .int8
    case "s": type = .int16
    case "i": type = .int32
    case "l": type = .int64
    case "C": type = .uint8
    case "S": type = .uint16
    case "I": type = .uint32
    case "L": type = .uint64
    case "e": type = .float16
    case "f": type = .float32
    case "g": type = .float64
    case "u": type = .text(isLarge: false)
    case "U": type = .text(isLarge: true)
    case "z": type = .bytes(isLarge: false)
    case "Z": type = .bytes(isLarge: true)
    case "vu": type = .textView
    case "vz": type = .bytesView
    case "+l", "+L": type = .list(try child(0, "item"), isLarge: format == "+L")
    case "+vl", "+vL": type = .listView(try child(0, "item"), isLarge: format == "+vL")
    case "+r":
      let end = try child(0, "run_ends")
      guard end.isInteger else { throw unsupported("run_end_encoded without integer run ends") }
      type = .runs(try child(1, "values"), end: end)
    case _ where format.hasPrefix("d:"):
      guard let numbers, numbers.count == 2 || numbers.count == 3, numbers[0] > 0 else {
        throw unsupported("decimal")
      }
      let bits = numbers.count == 2 ? 128 : numbers[2]
      guard [32, 64, 128, 256].contains(bits) else { throw unsupported("decimal") }
      type = .decimal(width: bits / 8, precision: numbers[0], scale: numbers[1])
    case _ where format.hasPrefix("w:"):
      guard let width = numbers?.first, width >= 0 else { throw unsupported("fixed_size_binary") }
      type = .fixedBytes(width: width)
    case _ where format.hasPrefix("+w:"):
      guard let count = numbers?.first, count >= 0 else { throw unsupported("fixed_size_list") }
      type = .fixedList(try child(0, "item"), count: count)
    default: throw unsupported(Self.name(of: format))
    }
    guard let dictionary = schema.dictionary?.pointee else {
      self = type
      return
    }
    guard type.isInteger else { throw unsupported("dictionary without integer indices") }
    self = .dictionary(
      try ArrowType(dictionary, name: "\(name).dictionary", path: path), index: type)
  }

  /// The kind of the column's values.
  var kind: Kind {
    switch self {
    case .null: .null
    case .boolean: .boolean
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: .integer
    case .float16, .float32, .float64: .real
    case .decimal(_, _, let scale): scale <= 0 ? .integer : .real
    case .text, .textView: .text
    case .bytes, .bytesView, .fixedBytes: .bytes
    case .list(let element, _), .listView(let element, _), .fixedList(let element, _):
      .list(element.kind)
    case .dictionary(let value, _), .runs(let value, _): value.kind
    }
  }

  /// Whether some values of the type may have no exact ``ColumnValue``.
  var mayBeInexact: Bool {
    switch self {
    case .decimal: true
    case .list(let element, _), .listView(let element, _), .fixedList(let element, _):
      element.mayBeInexact
    case .dictionary(let value, _), .runs(let value, _): value.mayBeInexact
    default: false
    }
  }

  private var isInteger: Bool {
    switch self {
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: true
    default: false
    }
  }

  private static func name(of format: String) -> String {
    let names: [(prefix: String, name: String)] = [
      ("d:", "decimal"), ("td", "date"), ("tt", "time"), ("ts", "timestamp"), ("tD", "duration"),
      ("ti", "interval"), ("+s", "struct"), ("+m", "map"), ("+u", "union"), ("+l", "list"),
      ("+L", "large_list"), ("+vl", "list_view"), ("+vL", "large_list_view"),
      ("+w:", "fixed_size_list"), ("+r", "run_end_encoded"),
    ]
    return names.first { format.hasPrefix($0.prefix) }?.name ?? MessageText.quoted(format)
  }
}

extension ArrowType: CustomStringConvertible {
  /// The name that pyarrow prints.
  var description: String {
    switch self {
    case .null: "null"
    case .boolean: "bool"
    case .int8: "int8"
    case .int16: "int16"
    case .int32: "int32"
    case .int64: "int64"
    case .uint8: "uint8"
    case .uint16: "uint16"
    case .uint32: "uint32"
    case .uint64: "uint64"
    case .float16: "float16"
    case .float32: "float32"
    case .float64: "float64"
    case .decimal(let width, let precision, let scale):
      "decimal\(8 * width)(\(precision), \(scale))"
    case .text(let isLarge): isLarge ? "large_string" : "string"
    case .bytes(let isLarge): isLarge ? "large_binary" : "binary"
    case .textView: "string_view"
    case .bytesView: "binary_view"
    case .fixedBytes(let width): "fixed_size_binary[\(width)]"
    case .list(let element, let isLarge): "\(isLarge ? "large_list" : "list")<\(element)>"
    case .listView(let element, let isLarge):
      "\(isLarge ? "large_list_view" : "list_view")<\(element)>"
    case .fixedList(let element, let count): "fixed_size_list<\(element)>[\(count)]"
    case .dictionary(let value, _): "dictionary<\(value)>"
    case .runs(let value, _): "run_end_encoded<\(value)>"
    }
  }
}
