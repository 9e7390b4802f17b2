/// Makes text from outside safe to show on one line: control characters become escapes.
///
/// A value that the user gave may end in `\r` (a file with Windows line ends) or contain the
/// escape sequences of a terminal. Shown as it is, it would hide the rest of the message.
package enum EscapedText {
  /// Returns `text` with escapes such as `\r`, `\t` and `\u{1b}` in place of control characters,
  /// invisible formatting characters and line separators.
  package static func of(_ text: some StringProtocol, keepingNewlines: Bool = false) -> String {
    guard text.unicodeScalars.contains(where: needsEscape) else { return String(text) }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      result += keepingNewlines && scalar == "\n" ? "\n" : escaped(scalar)
    }
  }

  /// Returns UTF-8 text as ``of(_:keepingNewlines:)`` does, with `\xE9` in place of a byte that is
  /// not part of valid UTF-8.
  package static func of(bytes: some Collection<UInt8>) -> String {
    var result = ""
    forEachCharacter(in: bytes) { scalar, byte in
      if let scalar { result += escaped(scalar) }
      if let byte {
        let digits = String(byte, radix: 16, uppercase: true)
        result += "\\x" + (digits.count < 2 ? "0" : "") + digits
      }
    }
    return result
  }

  /// Calls `body` with each Unicode scalar of UTF-8 text, or with a byte that is not part of one.
  package static func forEachCharacter(
    in bytes: some Collection<UInt8>, _ body: (Unicode.Scalar?, UInt8?) -> Void
  ) {
    var rest = Array(bytes)[...]
    while let first = rest.first {
      var parser = Unicode.UTF8.ForwardParser()
      var iterator = rest.makeIterator()
      if case .valid(let encoded) = parser.parseScalar(from: &iterator) {
        body(Unicode.UTF8.decode(encoded), nil)
        rest = rest.dropFirst(encoded.count)
      } else {
        body(nil, first)
        rest = rest.dropFirst()
      }
    }
  }

  private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
    default: false
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    case _ where needsEscape(scalar): "\\u{\(String(scalar.value, radix: 16))}"
    default: String(scalar)
    }
  }
}
