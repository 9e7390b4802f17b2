/// Reads JSON in the order of the text, which `JSONDecoder` does not retain.
///
/// It reads the vocabulary of a `tokenizer.json`, too: `JSONDecoder` takes 25 ms for the 30,000
/// entries of BERT's vocabulary, most of the time to load a tokenizer. The text must be valid JSON
/// (RFC 8259): `JSONDecoder` has parsed it before.
struct JSONScanner {
  private let text: [UInt8]
  private var index = 0

  init(_ text: [UInt8]) {
    self.text = text
  }

  /// Reads the next value.
  mutating func value() -> OrderedJSON {
    switch next() {
    case UInt8(ascii: "\""): return .string(String(decoding: string(), as: UTF8.self))
    case UInt8(ascii: "["):
      var elements: [OrderedJSON] = []
      index += 1
      while index < text.count, next() != UInt8(ascii: "]") {
        elements.append(value())
        if next() == UInt8(ascii: ",") { index += 1 }
      }
      index += 1
      return .array(elements)
    case UInt8(ascii: "{"):
      var object = OrderedJSON.Object()
      index += 1
      while next() == UInt8(ascii: "\"") {
        let key = String(decoding: string(), as: UTF8.self)
        _ = next()
        index += 1
        object[key] = value()
        if next() == UInt8(ascii: ",") { index += 1 }
      }
      index += 1
      return .object(object)
    default:
      let start = index
      skipValue()
      switch String(decoding: text[start..<index], as: UTF8.self) {
      case "null": return .null
      case "true": return .bool(true)
      case "false": return .bool(false)
      case let digits: return .number(Double(digits) ?? .nan)
      }
    }
  }

  /// Calls `body` with each token of `model.vocab` and its id, in file order, until it throws.
  ///
  /// Returns false if the object is missing, or an id in it is not an integer.
  mutating func forEachToken<Failure: Error>(
    _ body: ([UInt8], Int32) throws(Failure) -> Void
  ) throws(Failure) -> Bool {
    guard enter("model"), enter("vocab"), next() == UInt8(ascii: "{") else { return false }
    index += 1
    while next() == UInt8(ascii: "\"") {
      let token = string()
      guard let id = id() else { return false }
      try body(token, id)
      if next() == UInt8(ascii: ",") { index += 1 }
    }
    return true
  }

  /// Advances to the value of a key in the object at `index`.
  ///
  /// Returns false if the key is missing.
  private mutating func enter(_ key: String) -> Bool {
    guard next() == UInt8(ascii: "{") else { return false }
    index += 1
    while next() == UInt8(ascii: "\"") {
      let isFound = string() == Array(key.utf8)
      _ = next()
      index += 1
      if isFound { return true }
      skipValue()
      if next() == UInt8(ascii: ",") { index += 1 }
    }
    return false
  }

  /// Skips white space and returns the byte at `index`, without consuming it; 0 at the end.
  private mutating func next() -> UInt8 {
    while index < text.count {
      switch text[index] {
      case 0x20, 0x09, 0x0A, 0x0D: index += 1
      default: return text[index]
      }
    }
    return 0
  }

  private mutating func skipValue() {
    var depth = 0
    repeat {
      switch next() {
      case UInt8(ascii: "\""): _ = string()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        index += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        index += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"): index += 1
      default:
        while index < text.count, !",:]} \t\r\n".utf8.contains(text[index]) { index += 1 }
      }
    } while depth > 0 && index < text.count
  }

  /// Reads a colon and an integer.
  private mutating func id() -> Int32? {
    guard next() == UInt8(ascii: ":") else { return nil }
    index += 1
    let isNegative = next() == UInt8(ascii: "-")
    if isNegative { index += 1 }
    let start = index
    var value: Int32 = 0
    while index < text.count, 0x30...0x39 ~= text[index] {
      let (shifted, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isTooLargeToo) = shifted.addingReportingOverflow(Int32(text[index] & 0x0F))
      if isTooLarge || isTooLargeToo { return nil }
      value = sum
      index += 1
    }
    guard index > start, [0x2C, 0x7D].contains(next()) else { return nil }
    return isNegative ? -value : value
  }

  /// Reads a string, as UTF-8.
  private mutating func string() -> [UInt8] {
    index += 1
    var result: [UInt8] = []
    while index < text.count, text[index] != UInt8(ascii: "\"") {
      if text[index] == UInt8(ascii: "\\") {
        result.append(scalar: escape())
      } else {
        result.append(text[index])
        index += 1
      }
    }
    index += 1
    return result
  }

  /// Reads an escape sequence; U+FFFD for an unpaired surrogate.
  private mutating func escape() -> UInt32 {
    let kind = byte(index + 1)
    index += 2
    switch kind {
    case UInt8(ascii: "b"): return 0x08
    case UInt8(ascii: "f"): return 0x0C
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "u"):
      let unit = hexadecimal()
      guard 0xD800...0xDFFF ~= unit else { return unit }
      guard unit < 0xDC00, byte(index) == UInt8(ascii: "\\"), byte(index + 1) == UInt8(ascii: "u")
      else { return 0xFFFD }
      index += 2
      let low = hexadecimal()
      return 0xDC00...0xDFFF ~= low ? 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00) : 0xFFFD
    default: return UInt32(kind)
    }
  }

  private mutating func hexadecimal() -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let digit = UInt32(byte(index))
      value = value << 4 | ((digit & 0x0F) + (digit < 0x3A ? 0 : 9)) & 0x0F
      index += 1
    }
    return value
  }

  private func byte(_ index: Int) -> UInt8 { index < text.count ? text[index] : 0 }
}
