/// One text, or a pair of texts, as BERT reads it: rows of equal length.
public struct Encoding: Sendable, Hashable {
  /// Token ids, shape `[tokens]`, special tokens included.
  public var ids: [Int32]

  /// 0 for the tokens of the first text, 1 for those of the second, shape `[tokens]`.
  public var typeIDs: [Int32]

  /// 1 for a token, 0 for padding, shape `[tokens]`.
  public var attentionMask: [Int32]

  /// Where each token comes from: the Unicode scalars of its own text, counted from 0.
  ///
  /// Shape `[tokens]`; `0..<0` for padding and for what was put around the texts. Empty unless
  /// ``EncodingOptions/offsets`` is set.
  public var offsets: [Range<Int>] = []

  /// The number of tokens, padding included.
  public var count: Int { ids.count }

  /// 1 for padding and for what was put around the texts, 0 for the texts' own tokens, shape `[tokens]`.
  public var specialTokensMask: [Int32] {
    var mask = attentionMask.map { 1 - $0 }
    for place in addedPlaces { mask[place] = 1 }
    return mask
  }

  /// The places of the tokens that were put around the texts.
  var addedPlaces: [Int] = []

  /// Returns the encoding with padding, up to `length` tokens.
  ///
  /// An encoding that is as long or longer comes back unchanged, as in Hugging Face's `pad`.
  ///
  /// - Parameters:
  ///   - length: The number of tokens wanted.
  ///   - paddingID: The id of the padding token, ``WordPieceTokenizer/paddingID``.
  ///   - side: Where padding goes.
  /// - Returns: The encoding, padded.
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
      addedPlaces: side == .right ? addedPlaces : addedPlaces.map { $0 + missing })
  }
}
