/// How texts are encoded, under the names and with the meaning of Hugging Face's `tokenizers`.
public struct EncodingOptions: Sendable, Hashable {
  /// Which text loses tokens when there are too many.
  public enum Truncation: Sendable, Hashable {
    /// The longer one, until both are equally long; then both.
    case longestFirst
    /// The first one.
    case onlyFirst
    /// The second one.
    case onlySecond
  }

  /// An end of a row of tokens.
  public enum Side: Sendable, Hashable {
    /// The start of the row.
    case left
    /// The end of the row.
    case right
  }

  /// The most tokens that an encoding may have, special tokens included; nothing is cut if `nil`.
  public var maxLength: Int?

  /// Which text is cut.
  public var truncation: Truncation

  /// The end at which it is cut.
  public var truncationSide: Side

  /// Puts `[CLS]` and `[SEP]` around the texts.
  public var addsSpecialTokens: Bool

  /// Notes where each token comes from, which takes longer.
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

/// How the encodings of a batch are made equally long.
public struct Padding: Sendable, Hashable {
  /// The length that shorter encodings are filled up to.
  public enum Length: Sendable, Hashable {
    /// That of the longest one of the batch.
    case longest
    /// Always this; longer ones stay as they are.
    case fixed(Int)
  }

  /// The length wanted.
  public var length: Length

  /// The length is rounded up to a multiple of this; tensor cores like 8.
  public var multiple: Int

  /// Where padding goes.
  public var side: EncodingOptions.Side

  /// Creates a padding; `multiple` has to be 1 or more.
  public init(
    to length: Length = .longest, multipleOf multiple: Int = 1,
    side: EncodingOptions.Side = .right
  ) {
    precondition(multiple >= 1, "cannot pad to a multiple of \(multiple); use 1 or more")
    self.length = length
    self.multiple = multiple
    self.side = side
  }

  /// Returns encodings with padding.
  ///
  /// - Parameters:
  ///   - encodings: The batch.
  ///   - paddingID: The id of the padding token, ``WordPieceTokenizer/paddingID``.
  /// - Returns: The batch, with padding.
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
