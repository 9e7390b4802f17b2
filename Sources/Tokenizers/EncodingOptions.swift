internal import Support

/// How texts are encoded, with the names and semantics of Hugging Face's `tokenizers`.
public struct EncodingOptions: Sendable, Hashable {
  /// Which text of a pair is truncated.
  public enum Truncation: Sendable, Hashable {
    /// The longer text, until both are equally long; then both.
    case longestFirst
    /// The first text.
    case onlyFirst
    /// The second text.
    case onlySecond
  }

  /// A side of a sequence of tokens.
  public enum Side: Sendable, Hashable {
    /// The start of the sequence.
    case left
    /// The end of the sequence.
    case right
  }

  /// The maximum number of tokens, special tokens included; `nil` for no truncation.
  public var maxLength: Int?

  /// Which text is truncated.
  public var truncation: Truncation

  /// The side that loses tokens.
  public var truncationSide: Side

  /// Whether to add `[CLS]` and `[SEP]` around the texts.
  public var addsSpecialTokens: Bool

  /// Whether to compute ``Encoding/offsets``, which is slower.
  public var offsets: Bool

  /// Creates options.
  public init(
    maxLength: Int? = nil, truncation: Truncation = .longestFirst, truncationSide: Side = .right,
    addsSpecialTokens: Bool = true, offsets: Bool = false
  ) {
    self.maxLength = maxLength
    self.truncation = truncation
    self.truncationSide = truncationSide
    self.addsSpecialTokens = addsSpecialTokens
    self.offsets = offsets
  }
}

/// How the encodings of a batch are padded to equal length.
public struct Padding: Sendable, Hashable {
  /// The length to which shorter encodings are padded.
  public enum Length: Sendable, Hashable {
    /// The length of the batch's longest encoding.
    case longest
    /// A fixed length; longer encodings are unchanged.
    case fixed(Int)
  }

  /// The target length.
  public var length: Length

  /// Rounds the length up to a multiple of this value; 8 suits tensor cores.
  public var multiple: Int

  /// The side of the padding.
  public var side: EncodingOptions.Side

  /// Creates a padding; `multiple` must be at least 1.
  public init(
    to length: Length = .longest, multipleOf multiple: Int = 1,
    side: EncodingOptions.Side = .right, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      multiple >= 1, "cannot pad to a multiple of \(multiple); use 1 or more", file: file,
      line: line)
    self.length = length
    self.multiple = multiple
    self.side = side
  }

  /// Returns padded encodings.
  ///
  /// - Parameters:
  ///   - encodings: The batch.
  ///   - paddingID: The id of the padding token, ``WordPieceTokenizer/paddingID``.
  /// - Returns: The padded batch.
  public func apply(to encodings: [Encoding], paddingID: Int32) -> [Encoding] {
    let wanted: Int
    switch length {
    case .longest: wanted = encodings.lazy.map(\.count).max() ?? 0
    case .fixed(let fixed): wanted = fixed
    }
    let rounded = (wanted + multiple - 1) / multiple * multiple
    return encodings.map { $0.padded(to: rounded, paddingID: paddingID, side: side) }
  }
}
