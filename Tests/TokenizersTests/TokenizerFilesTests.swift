import Foundation
import ProcessHarness
import Testing
import Tokenizers

@Suite struct TokenizerFilesTests {
  private let vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\nHello\n##s\n"

  private func json(
    model: String = "WordPiece", lowercase: Bool = true, added: String = "[]",
    vocabulary: String =
      ###"{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"hello":4,"Hello":5,"##s":6}"###
  ) -> String {
    """
    {"version": "1.0", "added_tokens": \(added),
     "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
      "strip_accents": null, "lowercase": \(lowercase)},
     "pre_tokenizer": {"type": "BertPreTokenizer"},
     "post_processor": {"type": "BertProcessing", "cls": ["[CLS]", 2], "sep": ["[SEP]", 3]},
     "model": {"type": "\(model)", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
      "max_input_chars_per_word": 100, "vocab": \(vocabulary)}}
    """
  }

  /// The expected ids are those of `AutoTokenizer` of `transformers` 5.23.
  @Test(arguments: GoldenFolders.all)
  func idsEqualThoseOfAutoTokenizer(name: String, files: [String: String], ids: [Int32]) throws {
    let folder = try TestFolder()
    let target = try TestFolder()
    let model = files["config.json"] ?? #"{"model_type": "bert"}"#
    for (file, text) in files { try folder.write(text, to: file) }
    try folder.write(model, to: "config.json")
    let tokenizer = try WordPieceTokenizer(contentsOf: folder.path)
    #expect(tokenizer.encode(GoldenFolders.text).ids == ids, "\(name)")
    let encoding = try tokenizer.encode(GoldenFolders.text, options: .init(offsets: true))
    #expect(encoding.ids == ids)
    #expect(encoding.offsets.count == ids.count)
    try tokenizer.save(to: target.path)
    let again = try WordPieceTokenizer(contentsOf: target.path)
    #expect(again.encode(GoldenFolders.text).ids == ids, "\(name), saved")
  }

  @Test(arguments: ["RobertaTokenizer", "BertJapaneseTokenizer", "MPNetTokenizerFast"])
  func tokenizersOfOtherModelsAreReported(name: String) throws {
    let folder = try TestFolder()
    try folder.write(vocabulary, to: "vocab.txt")
    try folder.write(#"{"tokenizer_class": "\#(name)"}"#, to: "tokenizer_config.json")
    let error = #expect(throws: TokenizerError.self) {
      try WordPieceTokenizer(contentsOf: folder.path)
    }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains(name) == true)
  }

  @Test func classThatNeedsTokenizerJSONIsReportedWithoutIt() throws {
    let folder = try TestFolder()
    try folder.write(vocabulary, to: "vocab.txt")
    try folder.write(#"{"tokenizer_class": "MyTokenizer"}"#, to: "tokenizer_config.json")
    let error = #expect(throws: TokenizerError.self) {
      try WordPieceTokenizer(contentsOf: folder.path)
    }
    #expect(error?.code == .missingFile)
    #expect(error?.message.contains("has no tokenizer.json") == true)
  }

  @Test(arguments: [
    #"{"do_lower_case": "yes"}"#, #"{"cls_token": 3}"#, #"{"extra_special_tokens": "<x>"}"#,
    #"{"additional_special_tokens": [1]}"#, #"{"added_tokens_decoder": []}"#,
    #"{"added_tokens_decoder": {"5": "<x>"}}"#, #"{"truncation_side": "middle"}"#, "[]",
  ])
  func valuesOfTheWrongTypeAreRejected(configuration: String) throws {
    let folder = try TestFolder()
    try folder.write(vocabulary, to: "vocab.txt")
    try folder.write(configuration, to: "tokenizer_config.json")
    let error = #expect(throws: TokenizerError.self) {
      try WordPieceTokenizer(contentsOf: folder.path)
    }
    #expect(error?.code == .invalidFile)
    #expect(error?.message.contains("tokenizer_config.json") == true, "\(error?.message ?? "")")
  }

  @Test(
    arguments: [
      (#"{"model_max_length": 1000000000000000019884624838656}"#, nil),
      (#"{"max_len": 128}"#, 128), (#"{"model_max_length": null}"#, nil),
      (#"{"model_max_length": 512.0}"#, 512), ("{}", nil),
    ] as [(String, Int?)])
  func lengthLimitIsRead(configuration: String, limit: Int?) throws {
    let folder = try TestFolder()
    try folder.write(vocabulary, to: "vocab.txt")
    try folder.write(configuration, to: "tokenizer_config.json")
    #expect(try WordPieceTokenizer(contentsOf: folder.path).modelMaxLength == limit)
  }

  @Test func configurationMayTruncateAtTheStart() throws {
    let folder = try TestFolder()
    try folder.write(vocabulary, to: "vocab.txt")
    try folder.write(#"{"truncation_side": "left"}"#, to: "tokenizer_config.json")
    let tokenizer = try WordPieceTokenizer(contentsOf: folder.path)
    #expect(tokenizer.truncationSide == .left)
    #expect(tokenizer.encode("hello hello hellos", maxLength: 4).ids == [2, 5, 7, 3])
  }

  @Test func versionOfTheTokenizerFileIsChosen() throws {
    let folder = try TestFolder()
    let target = try TestFolder()
    try folder.write(json(), to: "tokenizer.json")
    try folder.write(json(lowercase: false), to: "tokenizer.4.2.json")
    try folder.write(json(model: "BPE"), to: "tokenizer.99.0.json")
    try folder.write(
      #"{"fast_tokenizer_files": ["tokenizer.json", "tokenizer.99.0.json", "tokenizer.4.2.json"]}"#,
      to: "tokenizer_config.json")
    let tokenizer = try WordPieceTokenizer(contentsOf: folder.path)
    #expect(tokenizer.encode("Hello").ids == [2, 5, 3])
    try tokenizer.save(to: target.path)
    #expect(try WordPieceTokenizer(contentsOf: target.path).encode("Hello").ids == [2, 5, 3])
  }

  @Test func vocabTextAloneGivesAnUncasedTokenizer() throws {
    let folder = try TestFolder()
    try folder.write(vocabulary, to: "vocab.txt")
    let tokenizer = try WordPieceTokenizer(contentsOf: folder.path)
    #expect(tokenizer.encode("Hellos [MASK]").ids == [2, 5, 7, 4, 3])
    #expect(tokenizer.normalizerOptions == BertNormalizerOptions())
    #expect(tokenizer.modelMaxLength == nil)
  }

  @Test(arguments: ["\r\n", "\u{A0}\n", " \n"])
  func trailingWhiteSpaceIsNotPartOfAToken(ending: String) throws {
    let folder = try TestFolder()
    let lines = vocabulary.split(separator: "\n").joined(separator: ending)
    try folder.write(lines + ending + ending, to: "vocab.txt")
    #expect(try WordPieceTokenizer(contentsOf: folder.path).encode("hellos").ids == [2, 5, 7, 3])
  }

  @Test func tokenizerJSONSetsTheNormalization() throws {
    let folder = try TestFolder()
    try folder.write(json(lowercase: false), to: "tokenizer.json")
    #expect(try WordPieceTokenizer(contentsOf: folder.path).encode("Hello").ids == [2, 5, 3])
  }

  @Test func tokenizerConfigurationOverridesTokenizerJSON() throws {
    let folder = try TestFolder()
    try folder.write(json(), to: "tokenizer.json")
    try folder.write(
      #"{"do_lower_case": false, "model_max_length": 512, "tokenizer_class": "BertTokenizer"}"#,
      to: "tokenizer_config.json")
    let tokenizer = try WordPieceTokenizer(contentsOf: folder.path)
    #expect(tokenizer.encode("Hello").ids == [2, 5, 3])
    #expect(tokenizer.modelMaxLength == 512)
  }

  @Test func generalTokenizerClassesUseTokenizerJSONUnchanged() throws {
    let folder = try TestFolder()
    try folder.write(json(), to: "tokenizer.json")
    try folder.write(
      #"{"do_lower_case": false, "model_max_length": 1e30, "#
        + #""tokenizer_class": "TokenizersBackend"}"#,
      to: "tokenizer_config.json")
    let tokenizer = try WordPieceTokenizer(contentsOf: folder.path)
    #expect(tokenizer.encode("Hello").ids == [2, 4, 3])
    #expect(tokenizer.modelMaxLength == nil)
  }

  /// The expected ids are those of `tokenizers` 0.23.3 for the same file.
  @Test(
    arguments: [
      ("x<a>hello", [2, 1, 7, 4, 3]), ("xWHOLEx WHOLE", [2, 1, 8, 3]), ("NEW new", [2, 9, 9, 3]),
      ("<a><ab>", [2, 7, 10, 3]), ("heLLo", [2, 4, 3]),
    ] as [(String, [Int32])])
  func addedTokensAreFoundInTheText(text: String, ids: [Int32]) throws {
    func token(_ id: Int, _ content: String, _ singleWord: Bool, _ normalized: Bool) -> String {
      """
      {"id": \(id), "content": "\(content)", "single_word": \(singleWord), "lstrip": false,
       "rstrip": false, "normalized": \(normalized), "special": \(!normalized)}
      """
    }
    let folder = try TestFolder()
    let added = [
      token(10, "<a>", false, false), token(11, "WHOLE", true, false),
      token(12, "NeW", false, true), token(13, "<ab>", false, false),
    ]
    try folder.write(
      json(added: "[\(added.joined(separator: ","))]"), to: "tokenizer.json")
    let tokenizer = try WordPieceTokenizer(contentsOf: folder.path)
    #expect(tokenizer.encode(text).ids == ids)
    #expect(tokenizer.vocabularySize == 11)
    #expect(tokenizer.token(withID: 9) == "NeW")
    #expect(tokenizer.decode([9]) == "new")
  }

  @Test func specialTokensMayHaveOtherNames() throws {
    let folder = try TestFolder()
    try folder.write("<pad>\n<unk>\n<s>\n</s>\nhello\n", to: "vocab.txt")
    try folder.write(
      #"{"pad_token": "<pad>", "unk_token": {"content": "<unk>"}, "#
        + #""cls_token": "<s>", "sep_token": "</s>"}"#,
      to: "special_tokens_map.json")
    let tokenizer = try WordPieceTokenizer(contentsOf: folder.path)
    #expect(tokenizer.encode("hello x").ids == [2, 4, 1, 3])
  }

  @Test func savingCopiesLoadedFilesAndGeneratesTheOthers() throws {
    let folder = try TestFolder()
    let target = try TestFolder()
    let configuration = #"{ "do_lower_case":false,"tokenizer_class":"BertTokenizer","x":[1] }"#
    try folder.write(json(), to: "tokenizer.json")
    try folder.write(configuration, to: "tokenizer_config.json")
    try WordPieceTokenizer(contentsOf: folder.path).save(to: target.path + "/new/deep")
    #expect(try target.read("new/deep/tokenizer.json") == json())
    #expect(try target.read("new/deep/tokenizer_config.json") == configuration)
    #expect(
      try target.read("new/deep/vocab.txt") == "[PAD]\n[UNK]\n[CLS]\n[SEP]\nhello\nHello\n##s\n")
    #expect(try target.read("new/deep/special_tokens_map.json").contains(#""pad_token": "[PAD]""#))
    let names = try FileManager.default.contentsOfDirectory(atPath: target.path + "/new/deep")
    #expect(names.count == 4)
  }

  @Test(arguments: ["vocab.txt", "tokenizer.json"])
  func generatedFilesGiveAnEqualTokenizer(retained: String) throws {
    let target = try TestFolder()
    let tokens = GoldenEncodings.vocabulary + ["\"\\\u{1}quoted"]
    try WordPieceTokenizer(vocabulary: tokens, options: .init(lowercase: false))
      .save(to: target.path)
    for name in ["vocab.txt", "tokenizer.json"] where name != retained {
      try FileManager.default.removeItem(atPath: "\(target.path)/\(name)")
    }
    let again = try WordPieceTokenizer(contentsOf: target.path)
    #expect(again.normalizerOptions == BertNormalizerOptions(lowercase: false))
    #expect(again.id(of: "\"\\\u{1}quoted") == Int32(tokens.count - 1))
    for (text, ids) in GoldenEncodings.cased { #expect(again.encode(text).ids == ids) }
  }

  @Test func failedSaveLeavesExistingFiles() throws {
    let target = try TestFolder()
    let tokenizer = try WordPieceTokenizer(vocabulary: GoldenEncodings.vocabulary)
    // A folder at the path of the file makes the save fail.
    try FileManager.default.createDirectory(
      atPath: target.path + "/tokenizer.json/inside", withIntermediateDirectories: true)
    let error = #expect(throws: TokenizerError.self) { try tokenizer.save(to: target.path) }
    #expect(error?.code == .inputOutput)
    #expect(error?.message.contains(target.path + "/tokenizer.json") == true)
    let names = try FileManager.default.contentsOfDirectory(atPath: target.path)
    #expect(!names.contains { $0.hasSuffix(".partial") })
    #expect(FileManager.default.fileExists(atPath: target.path + "/tokenizer.json/inside"))
  }

  @Test func vocabularyWithoutTheUnknownTokenIsRejected() throws {
    let folder = try TestFolder()
    try folder.write(
      vocabulary.replacingOccurrences(of: "[UNK]", with: "other"), to: "vocab.txt")
    let error = #expect(throws: TokenizerError.self) {
      try WordPieceTokenizer(contentsOf: folder.path)
    }
    #expect(error?.code == .invalidVocabulary)
    #expect(error?.message.contains("\(folder.path)/vocab.txt has no [UNK]") == true)
  }

  @Test(
    arguments: [("[PAD]", [2, 5, 3, 8]), ("[CLS]", [8, 5, 3, 0]), ("[SEP]", [2, 5, 8, 0])]
      as [(String, [Int32])])
  func specialTokenThatTheVocabularyLacksGetsTheNextID(missing: String, ids: [Int32]) throws {
    let folder = try TestFolder()
    try folder.write(
      vocabulary.replacingOccurrences(of: missing, with: "other"), to: "vocab.txt")
    let tokenizer = try WordPieceTokenizer(contentsOf: folder.path)
    #expect(tokenizer.encode("hello").ids + [tokenizer.paddingID] == ids)
    #expect(tokenizer.vocabularySize == 9)
  }

  @Test(arguments: ["[PAD]", "[UNK]", "[CLS]", "[SEP]"])
  func listOfTokensWithoutASpecialTokenIsRejected(missing: String) {
    let error = #expect(throws: TokenizerError.self) {
      try WordPieceTokenizer(
        vocabulary: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a"].filter { $0 != missing })
    }
    #expect(error?.code == .invalidVocabulary)
    #expect(error?.message.contains("has no \(missing)") == true)
  }

  @Test(arguments: [
    ("vocab.txt", "", TokenizerError.Code.invalidVocabulary, "is empty"),
    ("tokenizer.json", "{\"model\": ", .invalidFile, "tokenizer.json is damaged"),
    ("tokenizer.json", "{}", .invalidFile, "the key \"model\" is missing"),
  ])
  func damagedFilesAreRejected(
    name: String, text: String, code: TokenizerError.Code, message: String
  ) throws {
    let folder = try TestFolder()
    try folder.write(text, to: name)
    let error = #expect(throws: TokenizerError.self) {
      try WordPieceTokenizer(contentsOf: folder.path)
    }
    #expect(error?.code == code)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test func otherModelTypesAreReported() throws {
    let folder = try TestFolder()
    try folder.write(json(model: "BPE"), to: "tokenizer.json")
    let error = #expect(throws: TokenizerError.self) {
      try WordPieceTokenizer(contentsOf: folder.path)
    }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("a model of type BPE") == true)
  }

  @Test func vocabularyMayBeEscapedAndUnordered() throws {
    let folder = try TestFolder()
    let escaped = #"\u0065\u0301 \"\\\/\b\f\n\r\t \ud83d\uDE00 \ud83d \ude00"#
    try folder.write(
      json(
        vocabulary: """
          { "\(escaped)" : 6, "[SEP]":3,"[UNK]" :1,
            "[CLS]": 2 , "{\\"a\\": [1]}": 5, "[PAD]":0, "hello":4}
          """), to: "tokenizer.json")
    let tokenizer = try WordPieceTokenizer(contentsOf: folder.path)
    #expect(tokenizer.encode("hello").ids == [2, 4, 3])
    #expect(tokenizer.token(withID: 5) == #"{"a": [1]}"#)
    #expect(
      tokenizer.token(withID: 6) == "e\u{301} \"\\/\u{8}\u{C}\n\r\t \u{1F600} \u{FFFD} \u{FFFD}")
  }

  @Test(arguments: [
    (#"{"[PAD]":0,"[UNK ]":1}"#, "has no [UNK]"),
    (#"{"[PAD]":-1}"#, "the token [PAD] has the id -1"),
    (#"{"[PAD]":1.5}"#, "model.vocab is missing, or an id in it is not an integer"),
    (#"{"[PAD]":99999999999}"#, "model.vocab is missing"), (#"[["[PAD]", 0]]"#, "model.vocab"),
    ("{}", "is empty"),
  ])
  func invalidVocabulariesAreRejected(vocabulary: String, message: String) throws {
    let folder = try TestFolder()
    try folder.write(json(vocabulary: vocabulary), to: "tokenizer.json")
    let error = #expect(throws: TokenizerError.self) {
      try WordPieceTokenizer(contentsOf: folder.path)
    }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("\(folder.path)/tokenizer.json") == true)
  }

  @Test func folderWithoutATokenizerIsReportedWithTheExpectedFiles() throws {
    let folder = try TestFolder()
    let error = #expect(throws: TokenizerError.self) {
      try WordPieceTokenizer(contentsOf: folder.path)
    }
    #expect(error?.code == .missingFile)
    #expect(error?.message.contains(folder.path) == true)
    #expect(error?.message.contains("tokenizer.json nor vocab.txt") == true)
  }
}
