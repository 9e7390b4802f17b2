/// Normalizes UTF-8 text like Hugging Face's `BertNormalizer`.
///
/// The steps are Hugging Face's, in the same order: clean, separate Chinese characters, decompose
/// and drop accents, lowercase. One pass performs them all, because each step reads a single
/// scalar. The exception is decomposition, which sorts runs of combining marks
/// (``CombiningMarks``). Scalars below U+3000 are looked up in a table that the initializer builds.
package struct BertNormalizer: Sendable {
  let options: BertNormalizerOptions
  let table: [UInt32]

  static let tableSize: UInt32 = 0x3000
  /// The table entry of a scalar that is dropped.
  static let dropped: UInt32 = 0xFFFF_FFFF
  /// The table entry of a scalar that the table cannot map to one scalar.
  static let slowPath: UInt32 = 0xFFFF_FFFE

  package init(options: BertNormalizerOptions) {
    self.options = options
    table = (0..<Self.tableSize).map { value in
      Unicode.Scalar(value).map { Self.tableEntry($0, options) } ?? Self.dropped
    }
  }

  /// Appends the normalized text to `output`.
  package func normalize(_ text: Span<UInt8>, into output: inout [UInt8]) {
    let table = table.span
    var marks = CombiningMarks()
    var index = 0
    while index < text.count {
      index = appendASCII(text, from: index, table, to: &output)
      guard index < text.count else { return }
      let (value, length) = text.scalar(at: index)
      index += length
      let entry = value < Self.tableSize ? table[Int(value)] : Self.slowPath
      if entry < Self.slowPath {
        output.append(scalar: entry)
      } else if entry == Self.slowPath, let scalar = Unicode.Scalar(value) {
        append(scalar, to: &output, &marks)
      }
    }
  }

  /// Appends a normalized run of ASCII, which is ASCII again, and returns the end of the run.
  @inline(__always)
  private func appendASCII(
    _ text: Span<UInt8>, from start: Int, _ table: Span<UInt32>, to output: inout [UInt8]
  ) -> Int {
    var index = start
    output.append(addingCapacity: text.count - start) { output in
      while index < text.count, text[index] < 0x80 {
        let entry = table[Int(text[index])]
        if entry < 0x80 { output.append(UInt8(truncatingIfNeeded: entry)) }
        index += 1
      }
    }
    return index
  }

  /// Normalizes one scalar without the table.
  private func append(
    _ scalar: Unicode.Scalar, to output: inout [UInt8], _ marks: inout CombiningMarks
  ) {
    if options.cleanText {
      if BertUnicode.isDroppedByCleaning(scalar) { return }
      if BertUnicode.isWhitespace(scalar) {
        output.append(UInt8(ascii: " "))
        return
      }
    }
    let standsAlone = options.handleChineseCharacters && BertUnicode.isChinese(scalar)
    if standsAlone { output.append(UInt8(ascii: " ")) }
    if options.stripsAccents {
      AccentStripping.base(of: scalar) { base in
        if BertUnicode.isNonspacingMark(base) {
          marks.drop(base)
        } else {
          marks.append(lowercased(base), class: BertUnicode.combiningClass(base), to: &output)
        }
      }
    } else {
      for letter in lowercased(scalar) { output.append(scalar: letter.value) }
    }
    if standsAlone { output.append(UInt8(ascii: " ")) }
  }

  func lowercased(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
    options.lowercase ? BertUnicode.lowercase(scalar) : String(scalar).unicodeScalars
  }

  /// Returns the scalar that `scalar` maps to, ``dropped``, or ``slowPath``.
  private static func tableEntry(
    _ scalar: Unicode.Scalar, _ options: BertNormalizerOptions
  ) -> UInt32 {
    if options.cleanText {
      if BertUnicode.isDroppedByCleaning(scalar) { return dropped }
      if BertUnicode.isWhitespace(scalar) { return 0x20 }
    }
    var bases = [scalar]
    if options.stripsAccents {
      bases = []
      AccentStripping.base(of: scalar) { bases.append($0) }
      if bases.contains(where: CombiningMarks.affectsOrder) { return slowPath }
      if bases.contains(where: BertUnicode.isNonspacingMark) { return dropped }
    }
    let result = bases.flatMap { options.lowercase ? Array(BertUnicode.lowercase($0)) : [$0] }
    return result.count == 1 ? result[0].value : slowPath
  }
}
