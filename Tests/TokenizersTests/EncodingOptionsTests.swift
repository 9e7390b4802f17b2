import Testing
import Tokenizers

/// Expected values are those of `tokenizers` 0.23.3.
@Suite struct EncodingOptionsTests {
  private func tokenizer() throws -> WordPieceTokenizer {
    try WordPieceTokenizer(vocabulary: GoldenEncodings.vocabulary)
  }

  private func offsets(_ text: String, pair: String? = nil) throws -> [[Int]] {
    try tokenizer().encode(text, pair: pair, options: EncodingOptions(offsets: true)).offsets
      .map { [$0.lowerBound, $0.upperBound] }
  }

  @Test func offsetsCountScalarsOfTheOriginalText() throws {
    #expect(try offsets("The cat!") == [[0, 0], [0, 3], [4, 7], [7, 8], [0, 0]])
    #expect(try offsets("caf\u{E9}") == [[0, 0], [0, 3], [3, 4], [0, 0]])
    #expect(
      try offsets("e\u{301} unaffable") == [[0, 0], [0, 1], [3, 5], [5, 8], [8, 12], [0, 0]])
    #expect(try offsets("x\u{0}x [MASK]") == [[0, 0], [0, 1], [2, 3], [4, 10], [0, 0]])
    #expect(
      try offsets("\u{4E2D}\u{6587}", pair: "cat")
        == [[0, 0], [0, 1], [1, 2], [0, 0], [0, 3], [0, 0]])
  }

  @Test func normalizationWithOriginsGivesEqualText() {
    let marks = "\u{301}\u{302E}\u{302F}\u{1B44}\u{F73}\u{F76}\u{1D15E}\u{1D165}\u{34F}\u{344}"
    for options in [
      BertNormalizerOptions(), .init(lowercase: false), .init(stripAccents: false),
      .init(cleanText: false, handleChineseCharacters: false, stripAccents: true),
    ] {
      let normalizer = BertNormalizer(options: options)
      for value in stride(from: 0, to: 0x11_0000, by: 97) as StrideTo<UInt32> {
        guard let scalar = Unicode.Scalar(value) else { continue }
        let text = Array("a\(scalar)\(marks)\(scalar)\u{1B44}\u{302E}b".utf8)
        var plain: [UInt8] = []
        var cleaned: [UInt8] = []
        var origins: [Int32] = []
        normalizer.normalize(text.span, into: &plain)
        normalizer.normalize(text.span, into: &cleaned, origins: &origins, first: 0)
        #expect(plain == cleaned && origins.count == cleaned.count, "U+\(String(value, radix: 16))")
      }
    }
  }

  @Test func eachTruncationShortensItsText() throws {
    let tokenizer = try tokenizer()
    func ids(_ truncation: EncodingOptions.Truncation, _ side: EncodingOptions.Side = .right) throws
      -> [Int32]
    {
      try tokenizer.encode(
        "the cat sat the", pair: "run run a",
        options: EncodingOptions(maxLength: 8, truncation: truncation, truncationSide: side)
      ).ids
    }
    #expect(try ids(.longestFirst) == [2, 5, 6, 7, 3, 12, 12, 3])
    #expect(try ids(.onlyFirst) == [2, 5, 6, 3, 12, 12, 19, 3])
    #expect(try ids(.onlySecond) == [2, 5, 6, 7, 5, 3, 12, 3])
    #expect(try ids(.onlyFirst, .left) == [2, 7, 5, 3, 12, 12, 19, 3])
  }

  @Test func impossibleTruncationIsRejected() throws {
    let tokenizer = try tokenizer()
    for (pair, truncation) in [
      ("the cat sat the cat", .onlyFirst), (nil, .onlySecond),
    ] as [(String?, EncodingOptions.Truncation)] {
      let options = EncodingOptions(maxLength: 5, truncation: truncation)
      let error = #expect(throws: TokenizerError.self) {
        try tokenizer.encode("the cat sat the", pair: pair, options: options)
      }
      #expect(error?.code == .invalidArgument)
    }
    #expect(throws: TokenizerError.self) {
      try tokenizer.encode("the", options: EncodingOptions(maxLength: 1))
    }
  }

  @Test func specialTokensAreOptionalAndMasked() throws {
    let tokenizer = try tokenizer()
    let bare = try tokenizer.encode("the cat", options: EncodingOptions(addsSpecialTokens: false))
    #expect(bare.ids == [5, 6])
    #expect(bare.specialTokensMask == [0, 0])
    let whole = tokenizer.encode("the [SEP]", pair: "cat").padded(to: 8, paddingID: 0, side: .left)
    #expect(whole.ids == [0, 0, 2, 5, 3, 3, 6, 3])
    #expect(whole.specialTokensMask == [1, 1, 1, 0, 0, 1, 0, 1])
    #expect(whole.typeIDs == [0, 0, 0, 0, 0, 0, 1, 1])
  }

  @Test func batchIsPaddedToOneLength() throws {
    let tokenizer = try tokenizer()
    let texts = (0..<200).map { Array(repeating: "the cat", count: $0 % 7).joined(separator: " ") }
    let batch = try tokenizer.encode(batch: texts, padding: Padding(multipleOf: 8))
    #expect(batch.allSatisfy { $0.count == 16 })
    for (text, encoding) in zip(texts, batch) {
      #expect(encoding == tokenizer.encode(text).padded(to: 16, paddingID: 0))
    }
    #expect(throws: TokenizerError.self) { try tokenizer.encode(batch: ["a"], pairs: []) }
  }

  @Test func decodingJoinsPiecesAndCleansUp() throws {
    let tokenizer = try tokenizer()
    let ids = tokenizer.encode("Unaffable cat, hello!").padded(to: 12, paddingID: 0).ids
    #expect(tokenizer.decode(ids) == "unaffable cat, hello!")
    #expect(
      tokenizer.decode(ids.prefix(4), skipsSpecialTokens: false) == "[CLS] unaffable")
    #expect(tokenizer.decode([-1, 5, 9999, 6]) == "the cat")
    #expect(tokenizer.decode([]) == "")
  }
}
