/// Prepares names and values from files for error messages: escaped, on one line, and of limited
/// length.
enum MessageText {
  /// The maximum size of an error message in bytes of UTF-8.
  static let maximumBytes = 2000
  /// The maximum length of a quoted value in characters, without the quotes.
  static let maximumValueLength = 80
  /// The maximum number of names in a list.
  private static let maximumNames = 12
  /// The maximum size of a file path in bytes of UTF-8.
  private static let maximumPathBytes = 400

  /// Returns `text` in double quotes, escaped and shortened to 80 characters.
  static func quoted(_ text: some StringProtocol) -> String {
    "\"\(shortened(text, escapingQuotes: true))\""
  }

  /// Returns `text` escaped and shortened to 80 characters.
  static func shortened(_ text: some StringProtocol, escapingQuotes: Bool = false) -> String {
    var parts: [String] = []
    var length = 0
    for scalar in text.unicodeScalars {
      let part =
        escapingQuotes && (scalar == "\"" || scalar == "\\") ? "\\\(scalar)" : escaped(scalar)
      length += part.unicodeScalars.count
      parts.append(part)
      // The ellipsis replaces as many scalars as it needs room for.
      if length > maximumValueLength {
        while let last = parts.last, length > maximumValueLength - 1 {
          length -= last.unicodeScalars.count
          parts.removeLast()
        }
        return parts.joined() + "…"
      }
    }
    return parts.joined()
  }

  /// Returns quoted names separated by commas; names the total if some are left out.
  static func list(_ names: some Collection<String>) -> String {
    let first = names.prefix(maximumNames).map { quoted($0) }.joined(separator: ", ")
    return names.count <= maximumNames ? first : "\(first), … (\(names.count) in all)"
  }

  /// Returns the end of a file path if it is too long for a message.
  static func path(_ path: String) -> String {
    guard path.utf8.count > maximumPathBytes else { return path }
    return "…" + suffix(path, bytes: maximumPathBytes)
  }

  /// Returns a message on one line of at most 2,000 bytes; leaves out the middle of a longer one.
  static func message(_ text: String) -> String {
    // Escaping lengthens a scalar at most tenfold, so the ends of the text are enough.
    let size = maximumBytes + 1
    let long = text.utf8.count > 2 * size
    let text = long ? prefix(text, bytes: size) + suffix(text, bytes: size) : text
    var line = ""
    for scalar in text.unicodeScalars { line += escaped(scalar) }
    guard long || line.utf8.count > maximumBytes else { return line }
    return prefix(line, bytes: 1200) + " … " + suffix(line, bytes: maximumBytes - 1200 - 5)
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
      return "\\u{\(String(scalar.value, radix: 16))}"
    default: return String(scalar)
    }
  }

  private static func prefix(_ text: String, bytes: Int) -> String {
    var view = String.UnicodeScalarView()
    var size = 0
    for scalar in text.unicodeScalars {
      size += UTF8.width(scalar)
      if size > bytes { break }
      view.append(scalar)
    }
    return String(view)
  }

  private static func suffix(_ text: String, bytes: Int) -> String {
    var scalars: [Unicode.Scalar] = []
    var size = 0
    for scalar in text.unicodeScalars.reversed() {
      size += UTF8.width(scalar)
      if size > bytes { break }
      scalars.append(scalar)
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars.reversed())
    return String(view)
  }
}

extension StringProtocol {
  /// The text without spaces, tabs and line ends at its ends.
  var trimmingSpaces: String {
    let spaces: Set<Unicode.Scalar> = [" ", "\t", "\r", "\n", "\u{A0}"]
    let start = unicodeScalars.firstIndex { !spaces.contains($0) } ?? endIndex
    let rest = self[start...]
    let last = rest.unicodeScalars.lastIndex { !spaces.contains($0) }
    return String(rest[..<(last.map { rest.unicodeScalars.index(after: $0) } ?? start)])
  }
}
