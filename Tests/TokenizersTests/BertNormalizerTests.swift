import Foundation
import Testing
import Tokenizers

@Suite struct BertNormalizerTests {
  /// 64-bit FNV-1a.
  private struct Hash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func combine(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }

  private let scalars = (0..<0x11_0000 as Range<UInt32>).lazy.compactMap(Unicode.Scalar.init)

  /// The hash over the normalized form of every scalar, each followed by a line feed.
  ///
  /// The expected values are those of `tokenizers` 0.23.3.
  @Test(
    arguments: [
      (BertNormalizerOptions(), 0x2C58_3822_6516_594D),
      (BertNormalizerOptions(lowercase: false), 0xAE42_D829_7DF6_A4D0),
      (BertNormalizerOptions(stripAccents: true, lowercase: false), 0xFB66_6068_911E_ED36),
      (BertNormalizerOptions(stripAccents: false), 0x83BA_D98B_95A9_D4B9),
      (
        BertNormalizerOptions(
          cleanText: false, handleChineseCharacters: false, stripAccents: true, lowercase: false),
        0xD2A5_15E7_65A0_46C7
      ),
    ] as [(BertNormalizerOptions, UInt64)])
  func everyScalarIsNormalizedLikeHuggingFace(options: BertNormalizerOptions, digest: UInt64) {
    let normalizer = BertNormalizer(options: options)
    var hash = Hash()
    var cleaned: [UInt8] = []
    for scalar in scalars {
      cleaned.removeAll(keepingCapacity: true)
      normalizer.normalize(Array(scalar.utf8).span, into: &cleaned)
      for byte in cleaned { hash.combine(byte) }
      hash.combine(UInt8(ascii: "\n"))
    }
    #expect(hash.value == digest)
  }

  /// The same hash over the words of "a" + scalar + "b", with line feeds between words.
  @Test func everyScalarSplitsWordsLikeHuggingFace() {
    var hash = Hash()
    for scalar in scalars {
      let text = [0x61] + Array(scalar.utf8) + [0x62]
      var isFirst = true
      BertPreTokenizer.forEachWord(in: text.span) { word in
        if !isFirst { hash.combine(UInt8(ascii: "\n")) }
        isFirst = false
        for index in word { hash.combine(text[index]) }
        return true
      }
      hash.combine(UInt8(ascii: "\r"))
    }
    #expect(hash.value == 0x0BB7_4897_20A9_78D6)
  }

  /// Expected values are those of `tokenizers` 0.23.3.
  ///
  /// Combining classes: U+1B44 9, U+1D165 216, U+302E and U+302F 224. U+16FF0 is newer than Unicode
  /// 9. U+034F and U+0F76 end a run, U+0F73 does not.
  @Test(arguments: [
    ("\u{302E}\u{1B44}", "\u{1B44}\u{302E}"),
    ("\u{302E}\u{302F}\u{1B44}", "\u{1B44}\u{302E}\u{302F}"),
    ("\u{302E}\u{301}\u{1B44}", "\u{1B44}\u{302E}"),
    ("\u{302E}\u{34F}\u{1B44}", "\u{302E}\u{1B44}"),
    ("\u{302E}\u{F73}\u{1B44}", "\u{1B44}\u{302E}"),
    ("\u{302E}\u{F76}\u{1B44}", "\u{302E}\u{1B44}"),
    ("\u{302E}\u{F75}\u{1B44}", "\u{1B44}\u{302E}"),
    ("\u{302E}a\u{1B44}", "\u{302E}a\u{1B44}"),
    ("\u{302E}\u{200D}\u{1B44}", "\u{1B44}\u{302E}"),
    ("\u{302E}\u{16FF0}\u{1B44}", "\u{302E}\u{16FF0}\u{1B44}"),
    ("\u{1D15E}\u{1B44}", "\u{1D157}\u{1B44}\u{1D165}"),
    ("\u{1D160}\u{1B44}\u{1D165}", "\u{1D158}\u{1B44}\u{1D165}\u{1D16E}\u{1D165}"),
    (
      "\u{1D165}\u{302E}\u{1B44}\u{1D16D}\u{1BAA}", "\u{1B44}\u{1BAA}\u{1D165}\u{302E}\u{1D16D}"
    ),
    ("\u{302E} \u{1B44}", "\u{302E} \u{1B44}"),
    ("\u{302E}\u{4E2D}\u{1B44}", "\u{302E} \u{4E2D} \u{1B44}"),
  ])
  func combiningMarksAreSortedLikeHuggingFace(text: String, expected: String) {
    var cleaned: [UInt8] = []
    BertNormalizer(options: .init()).normalize(Array(text.utf8).span, into: &cleaned)
    #expect(cleaned == Array(expected.utf8))
  }

  @Test func basesEqualFoundationsDecompositionWithoutNonspacingMarks() {
    for value in 0..<0x11_0000 as Range<UInt32> {
      guard let scalar = Unicode.Scalar(value), let age = scalar.properties.age, age.major <= 9
      else { continue }
      var bases: [Unicode.Scalar] = []
      AccentStripping.base(of: scalar) { bases.append($0) }
      let decomposed = String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars
      #expect(
        bases.filter { !BertUnicode.isNonspacingMark($0) }
          == decomposed.filter { !BertUnicode.isNonspacingMark($0) },
        "U+\(String(value, radix: 16))")
    }
  }
}
