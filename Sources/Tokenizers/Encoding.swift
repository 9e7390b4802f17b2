/// The tokens of a text or of a pair of texts, as BERT's inputs: arrays of equal length.
public struct Encoding: Sendable, Hashable {
  /// Token ids, shape `[tokens]`, special tokens included.
  public var ids: [Int32]

  /// 0 for the tokens of the first text, 1 for those of the second, shape `[tokens]`.
  public var typeIDs: [Int32]

  /// 1 for a token, 0 for padding, shape `[tokens]`.
  public var attentionMask: [Int32]

  /// The range of Unicode scalars in the token's text that each token comes from.
  ///
  /// Shape `[tokens]`; `0..<0` for padding and special tokens. Empty unless
  /// ``EncodingOptions/offsets`` is set.
  public var offsets: [Range<Int>] = []

  /// The number of tokens, padding included.
  public var count: Int { ids.count }

  /// 1 for padding and special tokens around the texts, 0 for the texts' tokens, shape `[tokens]`.
  public var specialTokensMask: [Int32] {
    var mask = attentionMask.map { 1 - $0 }
    for index in specialTokenIndices { mask[index] = 1 }
    return mask
  }

  /// The indices of the special tokens that were added around the texts.
  var specialTokenIndices: [Int] = []

  /// Returns the encoding padded to `length` tokens.
  ///
  /// An encoding of that length or longer is returned unchanged, as in Hugging Face's `pad`.
  ///
  /// - Parameters:
  ///   - length: The number of tokens.
  ///   - paddingID: The id of the padding token, ``WordPieceTokenizer/paddingID``.
  ///   - side: The side of the padding.
  /// - Returns: The padded encoding.
  public func padded(
    to length: Int, paddingID: Int32, side: EncodingOptions.Side = .right
  ) -> Encoding {
    let missing = max(0, length - count)
    func row<Value>(_ values: [Value], _ padding: Value) -> [Value] {
      let filler = Array(repeating: padding, count: missing)
      return side == .right ? values + filler : filler + values
    }
    return Encoding(
      ids: row(ids, paddingID), typeIDs: row(typeIDs, 0), attentionMask: row(attentionMask, 0),
      offsets: offsets.isEmpty ? [] : row(offsets, 0..<0),
      specialTokenIndices: side == .right
        ? specialTokenIndices : specialTokenIndices.map { $0 + missing })
  }
}
