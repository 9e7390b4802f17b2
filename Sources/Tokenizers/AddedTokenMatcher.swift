/// Finds added tokens in a text: leftmost-longest matches without overlap.
///
/// The white space in a match affects the offsets but not the ids, because splitting into words
/// drops white space.
struct AddedTokenMatcher: Sendable {
  /// A part of a text: an added token, or the text between added tokens.
  enum Segment {
    case text(Range<Int>)
    case token(Int32, Range<Int>)
  }

  /// A token to find.
  struct Pattern {
    /// What the text contains.
    var bytes: [UInt8]
    var id: Int32
    var token: AddedToken
    /// Whether a match remains text.
    var isIgnored = false
  }

  private let patterns: [Pattern]
  private let canStart: [Bool]

  /// Whether there are no tokens to find.
  var isEmpty: Bool { patterns.isEmpty }

  /// Creates a matcher; of equal patterns, the one with the smallest id is found.
  init(_ patterns: [Pattern]) {
    self.patterns =
      patterns.filter { !$0.bytes.isEmpty }
      .sorted { ($1.bytes.count, $0.id) < ($0.bytes.count, $1.id) }
    var canStart = Array(repeating: false, count: 256)
    for pattern in self.patterns { canStart[Int(pattern.bytes[0])] = true }
    self.canStart = canStart
  }

  /// Calls `body` with each segment in order, until `body` returns false.
  func forEachSegment(of text: Span<UInt8>, _ body: (Segment) -> Bool) {
    let canStart = canStart.span
    var start = 0
    var index = 0
    while index < text.count {
      guard canStart[Int(text[index])], let pattern = match(text, at: index) else {
        index += 1
        continue
      }
      let end = index + pattern.bytes.count
      if !pattern.isIgnored, !pattern.token.isSingleWord || isWholeWord(index..<end, in: text) {
        let match = extended(index..<end, of: pattern.token, in: text, from: start)
        if start < match.lowerBound, !body(.text(start..<match.lowerBound)) { return }
        if !body(.token(pattern.id, match)) { return }
        start = match.upperBound
      }
      // White space that a match includes may be the start of the next one.
      index = end
    }
    if start < text.count { _ = body(.text(start..<text.count)) }
  }

  private func match(_ text: Span<UInt8>, at start: Int) -> Pattern? {
    patterns.first { pattern in
      pattern.bytes.count <= text.count - start
        && pattern.bytes.indices.allSatisfy { text[start + $0] == pattern.bytes[$0] }
    }
  }

  /// Extends a match by the white space that its token strips.
  private func extended(
    _ match: Range<Int>, of token: AddedToken, in text: Span<UInt8>, from start: Int
  ) -> Range<Int> {
    func isWhitespace(at index: Int) -> Bool {
      Unicode.Scalar(text.scalar(at: index).value).map(BertUnicode.isWhitespace) ?? false
    }
    var low = match.lowerBound
    var high = match.upperBound
    while token.stripsLeft, low > start {
      var before = low - 1
      while before > start, text[before] & 0xC0 == 0x80 { before -= 1 }
      guard isWhitespace(at: before) else { break }
      low = before
    }
    while token.stripsRight, high < text.count, isWhitespace(at: high) {
      high += text.scalar(at: high).length
    }
    return low..<high
  }

  private func isWholeWord(_ range: Range<Int>, in text: Span<UInt8>) -> Bool {
    var before = range.lowerBound - 1
    while before > 0, text[before] & 0xC0 == 0x80 { before -= 1 }
    return !(before >= 0 && isWord(text.scalar(at: before).value))
      && !(range.upperBound < text.count && isWord(text.scalar(at: range.upperBound).value))
  }

  /// Whether the scalar matches `\w` of Unicode regular expressions (UTS 18, Annex C).
  private func isWord(_ value: UInt32) -> Bool {
    guard let properties = Unicode.Scalar(value)?.properties else { return false }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
      return true
    default: return properties.isAlphabetic || properties.isJoinControl
    }
  }
}
