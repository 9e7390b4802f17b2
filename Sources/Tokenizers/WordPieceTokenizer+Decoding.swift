/// Puts tokens together again, as the decoder `WordPiece` of `tokenizers` does.
struct WordPieceDecoder: Sendable, Hashable {
  /// What marks a token that goes on with a word; `nil` puts spaces between all tokens.
  var prefix: String? = "##"
  /// Takes away the spaces before punctuation and contractions.
  var cleansUp = true

  private static let cleanups: [(from: String, to: String)] = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
    (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
  ]

  func decode(_ tokens: [String]) -> String {
    var result = ""
    for (place, token) in tokens.enumerated() {
      var token = token
      if place > 0 {
        if let prefix, token.utf8.starts(with: prefix.utf8) {
          token = String(token.unicodeScalars.dropFirst(prefix.unicodeScalars.count))
        } else {
          token = " " + token
        }
      }
      if cleansUp { for (from, to) in Self.cleanups { token.replaceScalars(from, with: to) } }
      result += token
    }
    return result
  }
}

extension String {
  /// Replaces one text by another, scalar by scalar: a combining mark does not hide what it is put on.
  fileprivate mutating func replaceScalars(_ from: String, with to: String) {
    let wanted = Array(from.utf8)
    let bytes = Array(utf8)
    guard bytes.count >= wanted.count else { return }
    var result: [UInt8] = []
    var index = 0
    var isChanged = false
    while index < bytes.count {
      if bytes[index] == wanted[0], bytes[index...].starts(with: wanted) {
        result += Array(to.utf8)
        index += wanted.count
        isChanged = true
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    if isChanged { self = String(decoding: result, as: UTF8.self) }
  }
}

extension WordPieceTokenizer {
  /// Returns the text that ids stand for, as `tokenizers` decodes it; ids that are none are left out.
  ///
  /// - Parameters:
  ///   - ids: Token ids, padding included.
  ///   - skipsSpecialTokens: Leaves out `[CLS]`, `[SEP]`, `[PAD]` and the like.
  /// - Returns: The text, not the one that was encoded: that cannot be had back.
  public func decode(_ ids: some Sequence<Int32>, skipsSpecialTokens: Bool = true) -> String {
    let special = skipsSpecialTokens ? Set(addedTokens.lazy.filter(\.isSpecial).map(\.content)) : []
    let tokens = ids.lazy.compactMap { token(withID: $0) }.filter { !special.contains($0) }
    return decoder.decode(Array(tokens))
  }
}
