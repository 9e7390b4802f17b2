/// A token that is matched in the text before the text is split into words.
///
/// The properties are those of `AddedToken` of `tokenizers`.
struct AddedToken: Sendable, Hashable {
  /// The text of the token in UTF-8; two spellings of an accented letter are different tokens.
  var bytes: [UInt8]
  /// Whether it matches only between non-word characters.
  var isSingleWord = false
  /// Whether it is matched in the normalized text rather than in the original text.
  var isNormalized = false
  /// Whether a match includes the white space before it.
  var stripsLeft = false
  /// Whether a match includes the white space after it.
  var stripsRight = false
  /// Whether it is skipped by ``WordPieceTokenizer/decode(_:skipsSpecialTokens:)``.
  var isSpecial = false

  var content: String { String(decoding: bytes, as: UTF8.self) }

  /// Creates the token of a special token that files name by its text only.
  init(special content: String) {
    bytes = Array(content.utf8)
    isSpecial = true
  }
}
