/// Computes the truncated lengths of a pair of texts, like `truncate_encodings` of `tokenizers`.
enum EncodingTruncation {
  /// Returns the number of tokens to retain of a text and of its pair, at most `limit` together.
  ///
  /// - Throws: ``TokenizerError`` with code `invalidArgument` if the text to truncate is missing,
  ///   or would lose all its tokens.
  static func lengths(
    _ first: Int, _ second: Int?, limit: Int, _ strategy: EncodingOptions.Truncation
  ) throws(TokenizerError) -> (first: Int, second: Int) {
    let excess = first + (second ?? 0) - limit
    if excess <= 0 { return (first, second ?? 0) }
    if limit == 0 { return (0, 0) }
    switch strategy {
    case .longestFirst:
      guard let second else { return (limit, 0) }
      return longestFirst(first, second, limit: limit)
    case .onlyFirst:
      return (try shortened(first, by: excess, "first"), second ?? 0)
    case .onlySecond:
      guard let second else {
        throw TokenizerError(
          .invalidArgument,
          "there is no second text to truncate, and the first text is \(excess) tokens too long: "
            + "use truncation longestFirst or onlyFirst")
      }
      return (first, try shortened(second, by: excess, "second"))
    }
  }

  /// Retains the shorter text, and as many tokens of the longer text as `limit` then allows.
  ///
  /// If the shorter text has more than half of `limit`, each text gets half, and the longer one the
  /// odd token.
  static func longestFirst(_ first: Int, _ second: Int, limit: Int) -> (first: Int, second: Int) {
    var short = min(first, second)
    var long = max(short, min(max(first, second), limit - short))
    if short > limit - long {
      short = limit / 2
      long = limit - short
    }
    return first <= second ? (short, long) : (long, short)
  }

  private static func shortened(
    _ length: Int, by excess: Int, _ name: String
  ) throws(TokenizerError) -> Int {
    if length > excess { return length - excess }
    throw TokenizerError(
      .invalidArgument,
      "the \(name) text has \(length) tokens, and \(excess) must be removed: raise maxLength, or "
        + "use truncation longestFirst")
  }
}
