/// How a text is cleaned before it is split, under the names of Hugging Face's `BertNormalizer`.
public struct BertNormalizerOptions: Sendable, Hashable {
  /// Drops control characters and U+FFFD, and turns every kind of white space into a space.
  public var cleanText: Bool

  /// Puts spaces around each Chinese character, so that each becomes a word of its own.
  public var handleChineseCharacters: Bool

  /// Decomposes characters and drops their accents; `nil` does so if `lowercase` is set.
  public var stripAccents: Bool?

  /// Turns capital letters into small ones.
  public var lowercase: Bool

  /// Creates options; without arguments those of an uncased BERT.
  public init(
    cleanText: Bool = true, handleChineseCharacters: Bool = true, stripAccents: Bool? = nil,
    lowercase: Bool = true
  ) {
    self.cleanText = cleanText
    self.handleChineseCharacters = handleChineseCharacters
    self.stripAccents = stripAccents
    self.lowercase = lowercase
  }

  var stripsAccents: Bool { stripAccents ?? lowercase }
}
