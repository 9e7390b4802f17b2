/// The tokens of one text, without special tokens.
struct TokenizedText {
  var ids: [Int32] = []
  /// The range of Unicode scalars of each token; empty unless requested.
  var offsets: [Range<Int>] = []

  mutating func truncate(to count: Int, at side: EncodingOptions.Side) {
    let excess = ids.count - count
    guard excess > 0 else { return }
    if side == .right {
      ids.removeLast(excess)
      if !offsets.isEmpty { offsets.removeLast(excess) }
    } else {
      ids.removeFirst(excess)
      if !offsets.isEmpty { offsets.removeFirst(excess) }
    }
  }
}

extension WordPieceTokenizer {
  /// Returns the tokens of a text.
  ///
  /// Stops once it has at least `limit` tokens.
  func tokens(of text: String, limit: Int, offsets: Bool) -> TokenizedText {
    let bytes = text.utf8.span
    return offsets ? tokensWithOffsets(of: bytes, limit: limit) : tokens(of: bytes, limit: limit)
  }

  private func tokens(of text: Span<UInt8>, limit: Int) -> TokenizedText {
    var ids: [Int32] = []
    var cleaned: [UInt8] = []
    var hashes = wordPiece.scratch()
    ids.reserveCapacity(min(limit, text.count / 4) + 8)
    cleaned.reserveCapacity(text.count + 8)
    specialTokens.forEachSegment(of: text) { segment in
      switch segment {
      case .token(let id, _): ids.append(id)
      case .text(let range):
        cleaned.removeAll(keepingCapacity: true)
        normalizer.normalize(text.extracting(range), into: &cleaned)
        split(cleaned.span, into: &ids, &hashes, limit: limit)
      }
      return ids.count < limit
    }
    return TokenizedText(ids: ids)
  }

  private func split(
    _ cleaned: Span<UInt8>, into ids: inout [Int32], _ hashes: inout [Vocabulary.Hash], limit: Int
  ) {
    guard !normalizedTokens.isEmpty else {
      return appendWords(of: cleaned, to: &ids, &hashes, limit: limit)
    }
    normalizedTokens.forEachSegment(of: cleaned) { segment in
      switch segment {
      case .token(let id, _): ids.append(id)
      case .text(let range):
        appendWords(of: cleaned.extracting(range), to: &ids, &hashes, limit: limit)
      }
      return ids.count < limit
    }
  }

  private func appendWords(
    of text: Span<UInt8>, to ids: inout [Int32], _ hashes: inout [Vocabulary.Hash], limit: Int
  ) {
    BertPreTokenizer.forEachWord(in: text) { word in
      wordPiece.append(text.extracting(word), to: &ids, &hashes)
      return ids.count < limit
    }
  }

  private func tokensWithOffsets(of text: Span<UInt8>, limit: Int) -> TokenizedText {
    var result = TokenizedText()
    var cleaned: [UInt8] = []
    var origins: [Int32] = []
    var hashes = wordPiece.scratch()
    var scalars = 0
    var position = 0
    func scalarCount(_ range: Range<Int>) -> Int {
      range.reduce(0) { text[$1] & 0xC0 == 0x80 ? $0 : $0 + 1 }
    }
    // White space may belong to two tokens, so a segment may start before the end of the last one.
    func move(to index: Int) {
      if index < position {
        scalars -= scalarCount(index..<position)
      } else {
        scalars += scalarCount(position..<index)
      }
      position = index
    }
    specialTokens.forEachSegment(of: text) { segment in
      switch segment {
      case .token(let id, let range):
        move(to: range.lowerBound)
        result.ids.append(id)
        result.offsets.append(scalars..<scalars + scalarCount(range))
      case .text(let range):
        move(to: range.lowerBound)
        cleaned.removeAll(keepingCapacity: true)
        origins.removeAll(keepingCapacity: true)
        normalizer.normalize(
          text.extracting(range), into: &cleaned, origins: &origins, first: Int32(scalars))
        split(cleaned.span, origins.span, into: &result, &hashes, limit: limit)
      }
      return result.ids.count < limit
    }
    return result
  }

  private func split(
    _ cleaned: Span<UInt8>, _ origins: Span<Int32>, into result: inout TokenizedText,
    _ hashes: inout [Vocabulary.Hash], limit: Int
  ) {
    func offsets(_ range: Range<Int>) -> Range<Int> {
      Int(origins[range.lowerBound])..<Int(origins[range.upperBound - 1]) + 1
    }
    var ends: [Int] = []
    func words(_ range: Range<Int>) {
      BertPreTokenizer.forEachWord(in: cleaned.extracting(range)) { local in
        let word = local.lowerBound + range.lowerBound..<local.upperBound + range.lowerBound
        let before = result.ids.count
        ends.removeAll(keepingCapacity: true)
        wordPiece.append(cleaned.extracting(word), to: &result.ids, &hashes) {
          ends.append(word.lowerBound + $0)
        }
        if result.ids.count == before + 1 {
          result.offsets.append(offsets(word))
        } else {
          var start = word.lowerBound
          for end in ends {
            result.offsets.append(offsets(start..<end))
            start = end
          }
        }
        return result.ids.count < limit
      }
    }
    guard !normalizedTokens.isEmpty else { return words(0..<cleaned.count) }
    normalizedTokens.forEachSegment(of: cleaned) { segment in
      switch segment {
      case .token(let id, let range):
        result.ids.append(id)
        result.offsets.append(offsets(range))
      case .text(let range): words(range)
      }
      return result.ids.count < limit
    }
  }
}
