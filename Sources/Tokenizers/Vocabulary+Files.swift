extension Vocabulary {
  /// Reads a `vocab.txt`: one token per line; the id is the line number, from 0.
  ///
  /// White space at the end of a line is ignored. A blank line uses up an id without a token, so
  /// blank lines at the end of a file are harmless.
  init(lines: [UInt8], path: String) throws(TokenizerError) {
    self.init(minimumCapacity: lines.count / 8)
    let bytes = lines.span
    if String(validating: lines, as: UTF8.self) == nil {
      throw TokenizerError(.invalidFile, "\(path) is damaged: it is not UTF-8")
    }
    var start = 0
    var line: Int32 = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
      let token = bytes.extracting(start..<Self.trimmed(bytes, start..<end))
      if token.count > 0, !insert(token, id: line) {
        let text = String(decoding: lines[start..<end], as: UTF8.self)
        throw TokenizerError(
          .invalidVocabulary,
          "\(path), line \(line + 1): the token \(text) is a duplicate of line "
            + "\((id(of: text) ?? 0) + 1): restore the model's vocab.txt, or remove one of them")
      }
      line += 1
      start = end + 1
    }
  }

  /// Reads the vocabulary of a `tokenizer.json`, whose JSON must be valid.
  init(json: [UInt8], path: String) throws(TokenizerError) {
    var entries: [(token: [UInt8], id: Int32)] = []
    entries.reserveCapacity(json.count / 16)
    var scanner = VocabularyScanner(json)
    let isWhole = scanner.forEachToken { token, id in entries.append((token, id)) }
    guard isWhole else {
      throw TokenizerError(
        .invalidFile,
        "\(path) is damaged: model.vocab is missing, or an id in it is not an integer")
    }
    // Files usually list tokens by id.
    if zip(entries, entries.dropFirst()).contains(where: { $0.id > $1.id }) {
      entries.sort { $0.id < $1.id }
    }
    self.init(minimumCapacity: entries.count)
    var previous: [UInt8] = []
    for (token, id) in entries {
      let text = String(decoding: token, as: UTF8.self)
      guard id >= 0 else {
        throw TokenizerError(
          .invalidVocabulary, "\(path): the token \(text) has the id \(id); ids start at 0")
      }
      guard id >= idBound else {
        throw TokenizerError(
          .invalidVocabulary,
          "\(path): the tokens \(String(decoding: previous, as: UTF8.self)) and \(text) "
            + "both have the id \(id)")
      }
      guard insert(token.span, id: id) else {
        throw TokenizerError(
          .invalidVocabulary,
          "\(path): the token \(text) occurs twice; the second time with id \(id)")
      }
      previous = token
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
