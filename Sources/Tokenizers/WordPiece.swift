/// Splits words into tokens, greedily by the longest match, as in BERT (Wu and others, 2016).
struct WordPiece: Sendable {
  /// The prefix of tokens that continue a word.
  let continuingPrefix: [UInt8]

  /// The maximum length of a word in Unicode scalars; a longer word becomes the unknown token.
  let maxScalarsPerWord: Int

  let unknownID: Int32
  let vocabulary: Vocabulary
  private let prefixHash: Vocabulary.Hash

  init(
    vocabulary: Vocabulary, unknownID: Int32, continuingPrefix: String, maxScalarsPerWord: Int
  ) {
    self.vocabulary = vocabulary
    self.unknownID = unknownID
    self.continuingPrefix = Array(continuingPrefix.utf8)
    self.maxScalarsPerWord = maxScalarsPerWord
    var hash = Vocabulary.Hash()
    for byte in self.continuingPrefix { hash.combine(byte) }
    prefixHash = hash
  }

  /// Returns a buffer for the hashes of the longest token, to reuse for all words of a text.
  func scratch() -> [Vocabulary.Hash] {
    Array(repeating: Vocabulary.Hash(), count: vocabulary.longestToken)
  }

  /// Appends the ids of a word's pieces, or the unknown id if the word cannot be split into tokens.
  ///
  /// `hashes` is a buffer of ``scratch()``.
  @inline(__always)
  func append(_ word: Span<UInt8>, to ids: inout [Int32], _ hashes: inout [Vocabulary.Hash]) {
    append(word, to: &ids, &hashes) { _ in }
  }

  /// Appends the ids of a word's pieces as well, and calls `body` with the end of each piece.
  ///
  /// `body` is not called if the word becomes the unknown token because of its length. Otherwise
  /// the ends count only if as many ids were appended.
  @inline(__always)
  func append(
    _ word: Span<UInt8>, to ids: inout [Int32], _ hashes: inout [Vocabulary.Hash],
    ends body: (Int) -> Void
  ) {
    if word.count > maxScalarsPerWord, isTooLong(word) {
      ids.append(unknownID)
      return
    }
    let before = ids.count
    var start = 0
    while start < word.count {
      guard let piece = longestPiece(of: word, from: start, &hashes) else {
        ids.removeLast(ids.count - before)
        ids.append(unknownID)
        return
      }
      ids.append(piece.id)
      body(piece.end)
      start = piece.end
    }
  }

  /// The longest token at the start of the rest of the word.
  ///
  /// Tokens are valid UTF-8, so a match always ends between two scalars.
  @inline(__always)
  private func longestPiece(
    of word: Span<UInt8>, from start: Int, _ hashes: inout [Vocabulary.Hash]
  ) -> (id: Int32, end: Int)? {
    let prefix = start == 0 ? 0 : continuingPrefix.count
    var hash = start == 0 ? Vocabulary.Hash() : prefixHash
    let limit = min(word.count, start + vocabulary.longestToken - prefix)
    guard start < limit else { return nil }
    var hashes = hashes.mutableSpan
    for index in start..<limit {
      hash.combine(word[index])
      hashes[index - start] = hash
    }
    var end = limit
    while end > start {
      let rest = word.extracting(start..<end)
      if let id = vocabulary.find(rest, prefix: prefix, hash: hashes[end - start - 1]) {
        return (id, end)
      }
      end -= 1
    }
    return nil
  }

  private func isTooLong(_ word: Span<UInt8>) -> Bool {
    var scalars = 0
    for index in word.indices where word[index] & 0xC0 != 0x80 { scalars += 1 }
    return scalars > maxScalarsPerWord
  }
}
