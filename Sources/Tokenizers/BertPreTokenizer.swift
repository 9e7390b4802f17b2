/// Splits a normalized text into words and single punctuation marks, like Hugging Face's
/// `BertPreTokenizer`.
package enum BertPreTokenizer {
  private enum Kind: UInt8 { case word, whitespace, punctuation }

  private static let tableSize: UInt32 = 0x3000
  private static let table: [Kind] = (0..<tableSize).map { value in
    Unicode.Scalar(value).map(kind) ?? .word
  }

  private static func kind(_ scalar: Unicode.Scalar) -> Kind {
    if BertUnicode.isWhitespace(scalar) { return .whitespace }
    return BertUnicode.isPunctuation(scalar) ? .punctuation : .word
  }

  /// Calls `body` with the byte range of each word, until `body` returns false.
  @inline(__always)
  package static func forEachWord(in text: Span<UInt8>, _ body: (Range<Int>) -> Bool) {
    let table = table.span
    var start = 0
    var index = 0
    while index < text.count {
      let (value, length) = text.scalar(at: index)
      let next = index + length
      let kind =
        value < tableSize ? table[Int(value)] : Unicode.Scalar(value).map(Self.kind) ?? .word
      if kind != .word {
        if start < index, !body(start..<index) { return }
        if kind == .punctuation, !body(index..<next) { return }
        start = next
      }
      index = next
    }
    if start < text.count { _ = body(start..<text.count) }
  }
}
