/// How much of each text of a pair is kept: Hugging Face's strategy `longest_first`.
enum PairTruncation {
  /// Returns the tokens to keep of two texts so that both together have `room`.
  ///
  /// The longer one is cut to what the shorter one leaves; if the shorter one takes more than half
  /// itself, both are cut to halves, where the text that was longer gets the odd token.
  static func lengths(_ first: Int, _ second: Int, room: Int) -> (first: Int, second: Int) {
    var short = min(first, second)
    var long = max(short, min(max(first, second), room - short))
    if short > room - long {
      short = room / 2
      long = room - short
    }
    return first <= second ? (short, long) : (long, short)
  }
}
