import Dispatch
import Synchronization

extension WordPieceTokenizer {
  /// Returns the encodings of texts, in the order of the texts.
  ///
  /// Encodes on all cores.
  ///
  /// - Parameters:
  ///   - texts: The texts.
  ///   - pairs: The second text of each pair; `nil` for single texts.
  ///   - options: As for ``encode(_:pair:options:)``.
  ///   - padding: Pads the encodings to equal length; `nil` for no padding.
  /// - Returns: One encoding for each text.
  /// - Throws: ``TokenizerError`` with code `invalidArgument`: as for one text, or if the numbers
  ///   of texts and pairs differ.
  public func encode(
    batch texts: [String], pairs: [String]? = nil, options: EncodingOptions = .init(),
    padding: Padding? = nil
  ) throws(TokenizerError) -> [Encoding] {
    if let pairs, pairs.count != texts.count {
      throw TokenizerError(
        .invalidArgument,
        "\(texts.count) texts, but \(pairs.count) second texts: pass one second text per text")
    }
    // Small parts balance the load: a part of long texts does not delay the other cores.
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
