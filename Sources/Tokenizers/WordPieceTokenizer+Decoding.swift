/// Joins tokens to text, like the decoder `WordPiece` of `tokenizers`.
struct WordPieceDecoder: Sendable, Hashable {
  /// The prefix of tokens that continue a word; `nil` to put spaces between all tokens.
  var prefix: String? = "##"
  /// Whether to remove the spaces before punctuation and contractions.
  var cleansUp = true

  private static let cleanups: [(from: String, to: String)] = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
    (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
  ]

  func decode(_ tokens: [String]) -> String {
    var result = ""
    for (index, token) in tokens.enumerated() {
      var token = token
      if index > 0 {
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
  /// Replaces `from` by `to`.
  ///
  /// Compares bytes rather than characters, so a character with a combining mark matches too.
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
  /// Returns the text of token ids, like the decoder of `tokenizers`; skips unknown ids.
  ///
  /// - Parameters:
  ///   - ids: Token ids, padding included.
  ///   - skipsSpecialTokens: Whether to skip `[CLS]`, `[SEP]`, `[PAD]` and other special tokens.
  /// - Returns: The decoded text. It can differ from the encoded text, because encoding loses
  ///   information.
  public func decode(_ ids: some Sequence<Int32>, skipsSpecialTokens: Bool = true) -> String {
    let tokens = ids.lazy.compactMap { id in
      added.normalizedTexts[id].map { String(decoding: $0, as: UTF8.self) } ?? token(withID: id)
    }.filter { !skipsSpecialTokens || !added.isSpecial(Array($0.utf8)) }
    return decoder.decode(Array(tokens))
  }
}
