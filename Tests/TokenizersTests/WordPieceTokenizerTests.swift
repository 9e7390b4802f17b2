import Testing
import Tokenizers

@Suite struct WordPieceTokenizerTests {
  private static let uncased = BertNormalizerOptions()

  private func tokenizer(_ options: BertNormalizerOptions = uncased) throws -> WordPieceTokenizer {
    try WordPieceTokenizer(vocabulary: GoldenEncodings.vocabulary, options: options)
  }

  @Test(arguments: GoldenEncodings.uncased)
  func uncasedIDsEqualHuggingFaces(text: String, ids: [Int32]) throws {
    let encoding = try tokenizer().encode(text)
    #expect(encoding.ids == ids)
    #expect(encoding.typeIDs == Array(repeating: 0, count: ids.count))
    #expect(encoding.attentionMask == Array(repeating: 1, count: ids.count))
  }

  @Test(arguments: GoldenEncodings.cased)
  func casedIDsEqualHuggingFaces(text: String, ids: [Int32]) throws {
    #expect(try tokenizer(.init(lowercase: false)).encode(text).ids == ids)
  }

  @Test(arguments: GoldenEncodings.stripOnly)
  func accentsAreStrippedWithoutLowercasing(text: String, ids: [Int32]) throws {
    #expect(try tokenizer(.init(stripAccents: true, lowercase: false)).encode(text).ids == ids)
  }

  @Test(arguments: GoldenEncodings.lowercaseOnly)
  func lettersAreLowercasedWithoutStrippingAccents(text: String, ids: [Int32]) throws {
    #expect(try tokenizer(.init(stripAccents: false)).encode(text).ids == ids)
  }

  @Test(arguments: GoldenEncodings.joinedChinese)
  func chineseCharactersAreNotSeparatedWithoutTheOption(text: String, ids: [Int32]) throws {
    #expect(try tokenizer(.init(handleChineseCharacters: false)).encode(text).ids == ids)
  }

  @Test(arguments: GoldenEncodings.pairs)
  func pairsAreTruncatedAndTypedLikeHuggingFace(
    first: String, second: String, maxLength: Int?, ids: [Int32], typeIDs: [Int32]
  ) throws {
    let encoding = try tokenizer().encode(first, pair: second, maxLength: maxLength)
    #expect(encoding.ids == ids)
    #expect(encoding.typeIDs == typeIDs)
    #expect(encoding.attentionMask == Array(repeating: 1, count: ids.count))
  }

  @Test(arguments: 2...12)
  func truncatedEncodingIsAPrefix(maxLength: Int) throws {
    let tokenizer = try tokenizer()
    let whole = tokenizer.encode("unaffable running [MASK] runnings, the cat").ids
    let cut = tokenizer.encode("unaffable running [MASK] runnings, the cat", maxLength: maxLength)
      .ids
    #expect(cut.count == min(maxLength, whole.count))
    #expect(cut == whole.dropLast().prefix(cut.count - 1) + [try #require(tokenizer.separatorID)])
  }

  @Test func paddingHasThePaddingIDAndNoAttention() throws {
    let tokenizer = try tokenizer()
    let encoding = tokenizer.encode("the cat").padded(to: 6, paddingID: tokenizer.paddingID)
    #expect(encoding.ids == [2, 5, 6, 3, 0, 0])
    #expect(encoding.typeIDs == [0, 0, 0, 0, 0, 0])
    #expect(encoding.attentionMask == [1, 1, 1, 1, 0, 0])
    #expect(encoding.padded(to: 3, paddingID: 0) == encoding)
  }

  @Test func tokensAndIDsMapToEachOther() throws {
    let tokenizer = try tokenizer()
    for (id, token) in GoldenEncodings.vocabulary.enumerated() {
      #expect(tokenizer.id(of: token) == Int32(id))
      #expect(tokenizer.token(withID: Int32(id)) == token)
    }
    #expect(tokenizer.vocabularySize == GoldenEncodings.vocabulary.count)
    #expect(tokenizer.id(of: "absent") == nil)
    #expect(tokenizer.token(withID: Int32(tokenizer.vocabularySize)) == nil)
    #expect(tokenizer.token(withID: -1) == nil)
  }

  @Test func maxLengthBelowTheSpecialTokensTraps() async {
    await #expect(processExitsWith: .failure) {
      let tokenizer = try WordPieceTokenizer(vocabulary: ["[PAD]", "[UNK]", "[CLS]", "[SEP]"])
      _ = tokenizer.encode("text", maxLength: 1)
    }
  }
}
