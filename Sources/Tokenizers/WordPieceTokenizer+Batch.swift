import Dispatch
import Synchronization

extension WordPieceTokenizer {
  /// Returns the encodings of texts, in their order, made on all cores.
  ///
  /// - Parameters:
  ///   - texts: The texts.
  ///   - pairs: The second text of each, or `nil`.
  ///   - options: As for ``encode(_:pair:options:)``.
  ///   - padding: Makes the encodings equally long; `nil` leaves them as they are.
  /// - Returns: One encoding for each text.
  /// - Throws: ``TokenizerError`` with code `invalidArgument`: as for one text, or if there are
  ///   not as many pairs as texts.
  public func encode(
    batch texts: [String], pairs: [String]? = nil, options: EncodingOptions = .init(),
    padding: Padding? = nil
  ) throws(TokenizerError) -> [Encoding] {
    if let pairs, pairs.count != texts.count {
      throw TokenizerError(
        .invalidArgument, "\(texts.count) texts have \(pairs.count) pairs; give each its own")
    }
    // Parts small enough that a core with long texts does not keep the others waiting.
    let part = 64
    let parts = Mutex<[Int: Result<[Encoding], TokenizerError>]>([:])
    DispatchQueue.concurrentPerform(iterations: (texts.count + part - 1) / part) { number in
      let range = number * part..<min((number + 1) * part, texts.count)
      let result = Result { () throws(TokenizerError) in
        var encodings: [Encoding] = []
        for index in range {
          encodings.append(try encode(texts[index], pair: pairs?[index], options: options))
        }
        return encodings
      }
      parts.withLock { $0[number] = result }
    }
    var encodings: [Encoding] = []
    encodings.reserveCapacity(texts.count)
    let results = parts.withLock { $0 }
    for number in results.keys.sorted() {
      if let part = results[number] { encodings += try part.get() }
    }
    return padding?.apply(to: encodings, paddingID: paddingID) ?? encodings
  }
}
