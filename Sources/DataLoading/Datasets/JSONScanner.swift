/// Reads JSON values from memory and reports an error with its cause and position (RFC 8259).
///
/// A value that is not needed is validated and skipped, whatever its depth, without allocations per
/// value.
struct JSONScanner {
  /// An error at a byte offset.
  struct Failure: Error {
    var offset: Int
    var message: String
  }

  /// A parsed value.
  enum Value {
    case null
    case boolean(Bool)
    /// A number, as its text in the file.
    case number(String)
    case string(String)
    /// An array or object, as the byte range of its text in the file.
    case other(Range<Int>)
  }

  /// Whether a line feed between tokens is an error, as in JSON Lines.
  var isOneLine = false
  /// The offset of the next byte.
  private(set) var offset: Int

  private let bytes: UnsafeRawBufferPointer

  /// Creates a scanner that starts at an offset of a file, whose bytes must outlive it.
  init(_ bytes: UnsafeRawBufferPointer, from offset: Int = 0) {
    self.bytes = bytes
    self.offset = offset
  }

  /// The next byte, or `nil` at the end of the file.
  var byte: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  /// Skips white space.
  mutating func skipSpace() throws(Failure) {
    while let byte, byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A {
      if byte == 0x0A, isOneLine {
        throw failure(
          "the record continues on the next line; write each record on one line (jq -c . FILE), or "
            + "all records as one JSON array")
      }
      offset += 1
    }
  }

  /// Skips the next byte, which must exist.
  mutating func skipByte() { offset += 1 }

  /// Skips the next byte if it is the given character.
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard let byte, byte == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  /// Reads an object and passes the name of each member to `member`, which must read or skip its
  /// value.
  mutating func object(
    _ member: (_ name: String, inout JSONScanner) throws(Failure) -> Void
  ) throws(Failure) {
    guard skip("{") else {
      throw unexpected("a record is a JSON object {\"text\": …, \"label\": …}")
    }
    try skipSpace()
    if skip("}") { return }
    while true {
      guard byte == UInt8(ascii: "\"") else {
        throw unexpected("expected the name of a member in double quotes")
      }
      let name = try string()
      try skipSpace()
      guard skip(":") else { throw unexpected("expected a colon after the name of a member") }
      try skipSpace()
      try member(name, &self)
      try skipSpace()
      if skip("}") { return }
      guard skip(",") else { throw unexpected("expected a comma or \"}\" after a member") }
      try skipSpace()
    }
  }

  /// Reads the next value.
  mutating func value() throws(Failure) -> Value {
    let start = offset
    // A value never starts with NUL, which stands for the end of the file.
    switch byte ?? 0 {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      try skipValue()
      return .other(start..<offset)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      try skipNumber()
      return .number(text(start..<offset))
    default:
      if skipWord("null") { return .null }
      if skipWord("true") { return .boolean(true) }
      if skipWord("false") { return .boolean(false) }
      throw unexpected("expected a value")
    }
  }

  /// Skips the next value.
  mutating func skipValue() throws(Failure) {
    // The closing bytes of the containers that are open.
    var open: [UInt8] = []
    repeat {
      // Here a value is expected.
      switch byte ?? 0 {
      case UInt8(ascii: "{"):
        offset += 1
        try skipSpace()
        if !skip("}") {
          open.append(UInt8(ascii: "}"))
          try skipName()
          continue
        }
      case UInt8(ascii: "["):
        offset += 1
        try skipSpace()
        if !skip("]") {
          open.append(UInt8(ascii: "]"))
          continue
        }
      case UInt8(ascii: "\""): try skipString()
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try skipNumber()
      default:
        guard skipWord("null") || skipWord("true") || skipWord("false") else {
          throw unexpected("expected a value")
        }
      }
      // Here a value is complete.
      while let closing = open.last {
        try skipSpace()
        if byte == closing {
          offset += 1
          open.removeLast()
          continue
        }
        guard skip(",") else {
          throw unexpected("expected a comma or \"\(Unicode.Scalar(closing))\"")
        }
        try skipSpace()
        if closing == UInt8(ascii: "}") { try skipName() }
        break
      }
    } while !open.isEmpty
  }

  private mutating func skipName() throws(Failure) {
    guard byte == UInt8(ascii: "\"") else {
      throw unexpected("expected the name of a member in double quotes")
    }
    try skipString()
    try skipSpace()
    guard skip(":") else { throw unexpected("expected a colon after the name of a member") }
    try skipSpace()
  }

  private mutating func skipWord(_ word: StaticString) -> Bool {
    guard bytes.count - offset >= word.utf8CodeUnitCount else { return false }
    for index in 0..<word.utf8CodeUnitCount where bytes[offset + index] != word.utf8Start[index] {
      return false
    }
    offset += word.utf8CodeUnitCount
    return true
  }

  private mutating func skipNumber() throws(Failure) {
    func isDigit(_ byte: UInt8?) -> Bool { byte.map { 0x30...0x39 ~= $0 } ?? false }
    let start = offset
    _ = skip("-")
    let isZero = byte == UInt8(ascii: "0")
    guard isDigit(byte) else {
      offset = start
      throw unexpected("expected a number")
    }
    while isDigit(byte) { offset += 1 }
    if isZero, offset - start > (bytes[start] == UInt8(ascii: "-") ? 2 : 1) {
      offset = start
      throw unexpected("a number must not start with 0")
    }
    if skip(".") {
      guard isDigit(byte) else { throw unexpected("expected a digit after the decimal point") }
      while isDigit(byte) { offset += 1 }
    }
    if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      offset += 1
      if !skip("+") { _ = skip("-") }
      guard isDigit(byte) else { throw unexpected("expected a digit in the exponent") }
      while isDigit(byte) { offset += 1 }
    }
  }

  private mutating func skipString() throws(Failure) { _ = try stringEnd() }

  /// Reads a string.
  private mutating func string() throws(Failure) -> String {
    let start = offset + 1
    let isEscaped = try stringEnd()
    let end = offset - 1
    if !isEscaped { return text(start..<end) }
    var unescaped: [UInt8] = []
    unescaped.reserveCapacity(end - start)
    var index = start
    while index < end {
      let byte = bytes[index]
      guard byte == UInt8(ascii: "\\") else {
        unescaped.append(byte)
        index += 1
        continue
      }
      index += 2
      switch bytes[index - 1] {
      case UInt8(ascii: "b"): unescaped.append(0x08)
      case UInt8(ascii: "f"): unescaped.append(0x0C)
      case UInt8(ascii: "n"): unescaped.append(0x0A)
      case UInt8(ascii: "r"): unescaped.append(0x0D)
      case UInt8(ascii: "t"): unescaped.append(0x09)
      case UInt8(ascii: "u"):
        var code = hexadecimal(at: index) ?? 0
        index += 4
        if 0xD800..<0xDC00 ~= code {
          code = 0x10000 + (code - 0xD800) << 10 + ((hexadecimal(at: index + 2) ?? 0) - 0xDC00)
          index += 6
        }
        let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
        unescaped.append(contentsOf: String(scalar).utf8)
      default: unescaped.append(bytes[index - 1])
      }
    }
    return String(decoding: unescaped, as: UTF8.self)
  }

  /// Validates the string that starts here, moves past it, and returns whether it contains escapes.
  private mutating func stringEnd() throws(Failure) -> Bool {
    let start = offset
    var isEscaped = false
    var isASCII = true
    offset += 1
    while let byte {
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        if !isASCII { try validate(start + 1..<offset - 1) }
        return isEscaped
      case UInt8(ascii: "\\"):
        isEscaped = true
        try skipEscape()
      case 0..<0x20:
        throw failure(
          byte == 0x0A
            ? "the string that starts at byte \(column(start)) is not closed on its line; write a "
              + "line end inside a string as \\n"
            : "a control character inside a string; write it as an escape such as \\u0009")
      default:
        if byte >= 0x80 { isASCII = false }
        offset += 1
      }
    }
    throw failure("the file ends inside the string that starts at byte \(column(start))")
  }

  private mutating func skipEscape() throws(Failure) {
    let start = offset
    offset += 1
    guard let kind = byte else { return }
    if kind != UInt8(ascii: "u") {
      guard "\"\\/bfnrt".utf8.contains(kind) else {
        offset = start
        throw failure(
          "the escape \(bare(start..<start + 2)) does not exist in JSON; write \\\\ for a backslash"
        )
      }
      offset += 1
      return
    }
    guard let code = hexadecimal(at: offset + 1) else {
      offset = start
      throw failure(
        "the escape \(bare(start..<start + 6)) is invalid; four hexadecimal digits must follow \\u")
    }
    offset += 5
    guard 0xD800..<0xE000 ~= code else { return }
    let isPair =
      code < 0xDC00 && offset + 5 < bytes.count && bytes[offset] == UInt8(ascii: "\\")
      && bytes[offset + 1] == UInt8(ascii: "u")
      && hexadecimal(at: offset + 2).map { 0xDC00..<0xE000 ~= $0 } ?? false
    guard isPair else {
      offset = start
      throw failure(
        "the escape \(bare(start..<start + 6)) is half of a surrogate pair and no character; "
          + "correct or "
          + "remove it")
    }
    offset += 6
  }

  private func hexadecimal(at offset: Int) -> UInt32? {
    guard offset + 4 <= bytes.count else { return nil }
    var code: UInt32 = 0
    for byte in bytes[offset..<offset + 4] {
      switch byte {
      case 0x30...0x39: code = code << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: code = code << 4 | UInt32(byte - 0x41 + 10)
      case 0x61...0x66: code = code << 4 | UInt32(byte - 0x61 + 10)
      default: return nil
      }
    }
    return code
  }

  private mutating func validate(_ range: Range<Int>) throws(Failure) {
    if String(validating: bytes[range], as: UTF8.self) != nil { return }
    offset = range.lowerBound
    throw failure("the string is not UTF-8; convert the file (iconv -f WINDOWS-1252 -t UTF-8)")
  }

  /// An error about the next byte, with the cause if it is a common one.
  private func unexpected(_ expectation: String) -> Failure {
    guard let byte else { return failure("the file ends early: \(expectation)") }
    let words: [(StaticString, String)] = [
      ("NaN", "NaN"), ("Infinity", "Infinity"), ("-Infinity", "-Infinity"), ("nan", "nan"),
      ("inf", "inf"), ("undefined", "undefined"),
    ]
    var copy = self
    for (word, name) in words where copy.skipWord(word) {
      return failure(
        "\(name) is not JSON; write null, or remove the member (simplejson: ignore_nan)")
    }
    for (word, name, json) in [
      ("True", "True", "true"), ("False", "False", "false"), ("None", "None", "null"),
    ] as [(StaticString, String, String)] where copy.skipWord(word) {
      return failure("\(name) is Python, not JSON; write \(json) (json.dumps does)")
    }
    switch byte {
    case UInt8(ascii: "'"):
      return failure("single quotes are not JSON; write double quotes (json.dumps does)")
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      return failure(
        "\(expectation), not \(excerpt(offset..<offset + 1)); is there a trailing comma?")
    case 0: return failure("a NUL byte; the file is UTF-16 or damaged, convert it to UTF-8")
    default: return failure("\(expectation), not \(excerpt(offset..<offset + 24))")
    }
  }

  func failure(_ message: String) -> Failure { Failure(offset: offset, message: message) }

  /// Returns the text of bytes for a message, shortened and without quotation marks.
  private func bare(_ range: Range<Int>) -> String { MessageText.shortened(text(range)) }

  /// Returns the text of bytes for a message, quoted and cut at the end of the line.
  func excerpt(_ range: Range<Int>) -> String {
    let end = bytes[range.clamped(to: 0..<bytes.count)].firstIndex(of: 0x0A) ?? range.upperBound
    return MessageText.quoted(text(range.lowerBound..<max(range.lowerBound, end)))
  }

  /// Returns the text of bytes, which may be invalid or beyond the end of the file.
  func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }

  /// The position of a byte in its line, counted from 1.
  func column(_ offset: Int) -> Int {
    let end = min(offset, bytes.count)
    return end - (bytes[..<end].lastIndex(of: 0x0A) ?? -1)
  }
}
