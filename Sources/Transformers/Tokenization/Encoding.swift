/// One text, or a pair of texts, as BERT reads it: three rows of equal length.
public struct Encoding: Sendable, Hashable {
  /// Token ids, shape `[tokens]`, special tokens included.
  public var ids: [Int32]

  /// 0 for the tokens of the first text, 1 for those of the second, shape `[tokens]`.
  public var typeIDs: [Int32]

  /// 1 for a token, 0 for padding, shape `[tokens]`.
  public var attentionMask: [Int32]

  /// The number of tokens, padding included.
  public var count: Int { ids.count }

  /// Returns the encoding with padding at its end, up to `length` tokens.
  ///
  /// An encoding that is as long or longer comes back unchanged, as in Hugging Face's `pad`.
  ///
  /// - Parameters:
  ///   - length: The number of tokens wanted.
  ///   - paddingID: The id of the padding token, ``WordPieceTokenizer/paddingID``.
  /// - Returns: The encoding, padded.
  public func padded(to length: Int, paddingID: Int32) -> Encoding {
    let missing = max(0, length - count)
    return Encoding(
      ids: ids + Array(repeating: paddingID, count: missing),
      typeIDs: typeIDs + Array(repeating: 0, count: missing),
      attentionMask: attentionMask + Array(repeating: 0, count: missing))
  }
}
