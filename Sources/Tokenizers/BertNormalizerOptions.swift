/// How text is normalized before it is split: the options of Hugging Face's `BertNormalizer`.
public struct BertNormalizerOptions: Sendable, Hashable {
  /// Whether to drop control characters and U+FFFD, and to replace all white space by spaces.
  public var cleanText: Bool

  /// Whether to put spaces around each Chinese character, so that each becomes a word.
  public var handleChineseCharacters: Bool

  /// Whether to decompose characters and drop their accents; `nil` for the value of `lowercase`.
  public var stripAccents: Bool?

  /// Whether to convert letters to lowercase.
  public var lowercase: Bool

  /// Creates options; the defaults are those of an uncased BERT.
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
