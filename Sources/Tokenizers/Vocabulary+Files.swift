extension Vocabulary {
  /// Reads a `vocab.txt`: one token per line; the id is the line number, from 0.
  ///
  /// White space at the end of a line is ignored. A blank line is the empty token, which no text
  /// contains. Of equal lines, the last one counts, as for Hugging Face.
  init(lines: [UInt8], path: String) throws(TokenizerError) {
    self.init(minimumCapacity: lines.count / 8)
    let bytes = lines.span
    if String(validating: lines, as: UTF8.self) == nil {
      throw TokenizerError(.invalidFile, "\(path) is damaged: it is not UTF-8")
    }
    var tokens: [Range<Int>] = []
    var isUnique = true
    var start = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
      let token = start..<Self.trimmed(bytes, start..<end)
      isUnique = insert(bytes.extracting(token), id: Int32(tokens.count)) && isUnique
      tokens.append(token)
      start = end + 1
    }
    if isUnique { return }
    self.init(
      lastOf: tokens.enumerated().map { Entry(token: Array(lines[$1]), id: Int32($0)) })
  }

  /// Reads the vocabulary of a `tokenizer.json`, whose JSON must be valid.
  ///
  /// Of equal tokens, the last one counts. Tokens may have equal ids.
  init(json: [UInt8], path: String) throws(TokenizerError) {
    var entries: [Entry] = []
    entries.reserveCapacity(json.count / 16)
    var scanner = JSONScanner(json)
    let isWhole = scanner.forEachToken { token, id in entries.append(Entry(token: token, id: id)) }
    guard isWhole else {
      throw TokenizerError(
        .invalidFile,
        "\(path) is damaged: model.vocab is missing, or an id in it is not an integer")
    }
    if let entry = entries.first(where: { $0.id < 0 }) {
      throw TokenizerError(
        .invalidVocabulary,
        "\(path): the token \(String(decoding: entry.token, as: UTF8.self)) has the id "
          + "\(entry.id); ids start at 0")
    }
    // Files usually list tokens by id.
    let sorted =
      zip(entries, entries.dropFirst()).contains { $0.id > $1.id }
      ? entries.sorted { $0.id < $1.id } : entries
    self.init(minimumCapacity: sorted.count)
    var isUnique = true
    for entry in sorted { isUnique = insert(entry.token.span, id: entry.id) && isUnique }
    if !isUnique { self.init(lastOf: entries) }
  }

  /// A token of a file.
  private struct Entry {
    var token: [UInt8]
    var id: Int32
  }

  /// Creates a vocabulary of the last one of equal tokens.
  private init(lastOf entries: [Entry]) {
    let last = Dictionary(entries.map { ($0.token, $0.id) }) { $1 }
    self.init(minimumCapacity: last.count)
    for (token, id) in last.sorted(by: { ($0.value, $0.key.count) < ($1.value, $1.key.count) }) {
      _ = insert(token.span, id: id)
    }
  }

  /// The end of a line without trailing white space.
  private static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
    var end = range.upperBound
    while end > range.lowerBound {
      var start = end - 1
      while start > range.lowerBound, bytes[start] & 0xC0 == 0x80 { start -= 1 }
      guard
        let scalar = Unicode.Scalar(bytes.scalar(at: start).value),
        BertUnicode.isWhitespace(scalar)
      else { break }
      end = start
    }
    return end
  }
}
