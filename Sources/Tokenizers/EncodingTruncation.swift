/// How much of each text is kept when there are too many tokens: `truncate_encodings` of `tokenizers`.
enum EncodingTruncation {
  /// Returns the tokens to keep of a text and of its pair, if it has one, so that both have `room`.
  ///
  /// - Throws: ``TokenizerError`` with code `invalidArgument` when the one text that may be cut is
  ///   absent, or would have to lose all its tokens.
  static func lengths(
    _ first: Int, _ second: Int?, room: Int, _ strategy: EncodingOptions.Truncation
  ) throws(TokenizerError) -> (first: Int, second: Int) {
    let excess = first + (second ?? 0) - room
    if excess <= 0 { return (first, second ?? 0) }
    if room == 0 { return (0, 0) }
    switch strategy {
    case .longestFirst:
      guard let second else { return (room, 0) }
      return longestFirst(first, second, room: room)
    case .onlyFirst:
      return (try shortened(first, by: excess, "first"), second ?? 0)
    case .onlySecond:
      guard let second else {
        throw TokenizerError(
          .invalidArgument,
          "there is no second text to cut, and the first one is \(excess) tokens too long: use the "
            + "truncation longestFirst or onlyFirst")
      }
      return (first, try shortened(second, by: excess, "second"))
    }
  }

  /// The longer one is cut to what the shorter one leaves; if the shorter one takes more than half
  /// itself, both are cut to halves, where the text that was longer gets the odd token.
  static func longestFirst(_ first: Int, _ second: Int, room: Int) -> (first: Int, second: Int) {
    var short = min(first, second)
    var long = max(short, min(max(first, second), room - short))
    if short > room - long {
      short = room / 2
      long = room - short
    }
    return first <= second ? (short, long) : (long, short)
  }

  private static func shortened(
    _ length: Int, by excess: Int, _ name: String
  ) throws(TokenizerError) -> Int {
    if length > excess { return length - excess }
    throw TokenizerError(
      .invalidArgument,
      "the \(name) text has \(length) tokens and \(excess) would have to go: raise maxLength, or use "
        + "the truncation longestFirst")
  }
}
