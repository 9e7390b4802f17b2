/// A token that is found in the text itself, before it is split into words.
struct AddedToken: Sendable, Hashable {
  var content: String
  var id: Int32
  /// Matches only where no letter or digit stands beside it.
  var isSingleWord = false
  /// Is looked for in the cleaned text rather than in the text as given.
  var isNormalized = false
  /// Swallows the white space before it, or after it.
  var stripsLeft = false
  var stripsRight = false
  /// Is left out by ``WordPieceTokenizer/decode(_:skipsSpecialTokens:)``.
  var isSpecial = false
}

/// Finds added tokens in a text: leftmost first, of those the longest, without overlap.
///
/// White space that a match swallows changes no ids, as splitting drops it anyhow, but offsets.
struct AddedTokenMatcher: Sendable {
  /// What a text consists of: added tokens, and what lies between them.
  enum Segment {
    case text(Range<Int>)
    case token(Int32, Range<Int>)
  }

  private struct Pattern {
    var bytes: [UInt8]
    var token: AddedToken
  }

  private let patterns: [Pattern]
  private let canStart: [Bool]

  /// True if there is nothing to find.
  var isEmpty: Bool { patterns.isEmpty }

  /// Creates a matcher for tokens, each with the UTF-8 to look for.
  init(_ tokens: [(bytes: [UInt8], token: AddedToken)]) {
    patterns =
      tokens.filter { !$0.bytes.isEmpty }
      .map { Pattern(bytes: $0.bytes, token: $0.token) }
      .sorted { $0.bytes.count > $1.bytes.count }
    var canStart = Array(repeating: false, count: 256)
    for pattern in patterns { canStart[Int(pattern.bytes[0])] = true }
    self.canStart = canStart
  }

  /// Calls `body` with each segment in turn, until it returns false.
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
      if !pattern.token.isSingleWord || standsAlone(index..<end, in: text) {
        let match = widened(index..<end, of: pattern.token, in: text, from: start)
        if start < match.lowerBound, !body(.text(start..<match.lowerBound)) { return }
        if !body(.token(pattern.token.id, match)) { return }
        start = match.upperBound
      }
      index = max(end, start)
    }
    if start < text.count { _ = body(.text(start..<text.count)) }
  }

  private func match(_ text: Span<UInt8>, at start: Int) -> Pattern? {
    patterns.first { pattern in
      pattern.bytes.count <= text.count - start
        && pattern.bytes.indices.allSatisfy { text[start + $0] == pattern.bytes[$0] }
    }
  }

  /// A match with the white space that its token swallows.
  private func widened(
    _ match: Range<Int>, of token: AddedToken, in text: Span<UInt8>, from start: Int
  ) -> Range<Int> {
    func isWhitespace(at index: Int) -> Bool {
      Unicode.Scalar(text.scalar(at: index).value).map(BertUnicode.isWhitespace) ?? false
    }
    var (low, high) = (match.lowerBound, match.upperBound)
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

  private func standsAlone(_ range: Range<Int>, in text: Span<UInt8>) -> Bool {
    var before = range.lowerBound - 1
    while before > 0, text[before] & 0xC0 == 0x80 { before -= 1 }
    return !(before >= 0 && isWord(text.scalar(at: before).value))
      && !(range.upperBound < text.count && isWord(text.scalar(at: range.upperBound).value))
  }

  /// The `\w` of Unicode's regular expressions (UTS 18, Annex C).
  private func isWord(_ value: UInt32) -> Bool {
    guard let properties = Unicode.Scalar(value)?.properties else { return false }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
      return true
    default: return properties.isAlphabetic || properties.isJoinControl
    }
  }
}
