import DataLoading
import Testing

/// Which labels the text formats accept, and how the others are reported.
@Suite struct LabelTests {
  private func labels(
    _ values: [String], in file: String, classes: [String] = ["neg", "pos"], info: String? = nil
  ) throws -> [Int] {
    let text =
      file.hasSuffix("csv")
      ? "text,label\n" + values.map { "a,\($0)\n" }.joined()
      : values.map { "{\"text\": \"a\", \"label\": \($0)}\n" }.joined()
    var files = [(path: file, text: text)]
    if let info { files.append((path: "dataset_info.json", text: info)) }
    let folder = try TemporaryFolder(texts: files)
    let texts = try LabeledTexts(at: folder.path, split: "train", classes: classes)
    return try (0..<texts.count).map { try texts[$0].label }
  }

  @Test(arguments: [
    ["0", "1"], ["neg", "pos"], ["0.0", "1.0"], ["0.00", "1.000"], ["false", "true"],
    ["False", "True"], ["FALSE", "TRUE"], ["\"0\"", "\"pos\""], ["00", "+1"], ["0", "pos"],
  ])
  func textLabelsAreNamesWholeNumbersOrBooleans(values: [String]) throws {
    #expect(try labels(values, in: "train.csv") == [0, 1])
  }

  @Test(arguments: [
    ["0", "1"], ["0.0", "1.0"], ["0e0", "10e-1"], ["-0", "1.00"], ["false", "true"],
    ["\"neg\"", "\"pos\""], ["\"0\"", "\"1\""], ["\"\\u006eeg\"", "1"],
  ])
  func jsonLabelsAreNamesWholeNumbersOrBooleans(values: [String]) throws {
    #expect(try labels(values, in: "train.jsonl") == [0, 1])
  }

  @Test(arguments: [
    ("2", "the label \"2\""), ("", "the label \"\""), ("0.5", "the label \"0.5\""),
    ("nan", "the label \"nan\""), ("-1", "-1 marks a row without a label"),
    ("Positive", "the label \"Positive\""), ("POS", "write \"pos\"; upper and lower case differ"),
    (" pos", "remove the spaces around the label"), ("1 ", "remove the spaces around the label"),
    ("99999999999999999999", "the label \"99999999999999999999\""), ("\"a\nb\"", "\"a\\nb\""),
    ("[0]", "the label \"[0]\""), ("0x1", "the label \"0x1\""),
  ])
  func invalidTextLabelErrorNamesRowColumnAndValue(value: String, message: String) throws {
    let error = #expect(throws: DataLoadingError.self) {
      try labels(["0", "1", value], in: "train.csv")
    }
    #expect(error?.code == .unknownLabel)
    #expect(error?.line == 4)
    #expect(error?.column == "label")
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("none of \"neg\" (0), \"pos\" (1)") == true)
  }

  @Test(arguments: [
    ("null", "the label null"), ("0.5", "the label 0.5"), ("2", "the label 2"),
    ("1e400", "the label 1e400"), ("-1", "-1 marks a row without a label"),
    ("[0]", "the label [0]"), ("{\"id\": 1}", "the label {\"id\": 1}"), ("\"\"", "the label \"\""),
    ("18446744073709551616", "the label 18446744073709551616"),
    ("\"neutral\"", "the label \"neutral\""),
  ])
  func invalidJSONLabelErrorNamesLineColumnAndValue(value: String, message: String) throws {
    let error = #expect(throws: DataLoadingError.self) {
      try labels(["0", value], in: "train.jsonl")
    }
    #expect(error?.code == .unknownLabel)
    #expect(error?.line == 2)
    #expect(error?.column == "label")
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test func numbersAreNamesIfClassesAreNumbers() throws {
    let stars = ["1", "2", "3"]
    #expect(try labels(["3", "1"], in: "train.csv", classes: stars) == [2, 0])
    #expect(try labels(["3", "1.0"], in: "train.jsonl", classes: stars) == [2, 0])
    for value in ["0", "4", "true"] {
      let error = #expect(throws: DataLoadingError.self) {
        try labels([value], in: "train.jsonl", classes: stars)
      }
      #expect(
        error?.message.contains("none of \"1\", \"2\", \"3\"") == true, "\(error?.message ?? "")")
    }
  }

  private static func info(_ names: String) -> String {
    "{\"features\": {\"label\": {\"names\": \(names), \"_type\": \"ClassLabel\"}}}"
  }

  @Test(arguments: [
    ("[\"neg\", \"pos\"]", [0, 1]), ("[\"pos\", \"neg\"]", [1, 0]),
    ("[\"unsup\", \"pos\", \"neg\"]", [nil, 1, 0]), ("null", [0, 1]),
  ])
  func declaredClassesGiveIndicesTheirMeaning(names: String, expected: [Int?]) throws {
    for file in ["train.csv", "train.jsonl"] {
      for (index, expected) in expected.enumerated() {
        let label = try? labels(["\(index)"], in: file, info: Self.info(names)).first
        #expect(label == expected, "\(names) \(index)")
      }
      let text = file == "train.csv" ? "pos" : "\"pos\""
      #expect(try labels([text], in: file, info: Self.info(names)) == [1], "a name stays a name")
    }
  }

  @Test(arguments: [
    (info("[\"negative\", \"positive\"]"), "declares the classes \"negative\", \"positive\""),
    (info("[\"neg\"]"), "the requested classes are \"neg\", \"pos\""),
    (info("[\"neg\", \"neg\"]"), "must be distinct strings"),
    (info("[0, 1]"), "must be distinct strings"),
    ("{", "the metadata are not JSON"),
    (
      "{\"a\": \(info("[\"neg\", \"pos\"]")), \"b\": \(info("[\"pos\", \"neg\"]"))}",
      "several configurations declare different classes"
    ),
  ])
  func otherDeclaredClassesAreRefused(info: String, message: String) throws {
    let error = #expect(throws: DataLoadingError.self) {
      try labels(["0"], in: "train.csv", info: info)
    }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    #expect(error?.path?.hasSuffix("dataset_info.json") == true)
  }

  /// Declared names, the classes that follow from the defaults `neg` and `pos`, and those of labels
  /// 0 and 1.
  @Test(arguments: [
    (info("[\"negative\", \"positive\"]"), ["negative", "positive"], [0, 1]),
    (info("[\"positive\", \"negative\"]"), ["positive", "negative"], [0, 1]),
    (info("[\"NEG\", \"POS\"]"), ["NEG", "POS"], [0, 1]),
    (info("[\"bad\", \"so so\", \"good\"]"), ["bad", "so so", "good"], [0, 1]),
    (info("[\"neg\", \"neutral\"]"), ["neg", "neutral"], [0, 1]),
    (info("[\"pos\", \"neg\"]"), ["neg", "pos"], [1, 0]),
    (info("[\"neg\", \"pos\", \"unsup\"]"), ["neg", "pos"], [0, 1]),
    (info("null"), ["neg", "pos"], [0, 1]), ("{}", ["neg", "pos"], [0, 1]),
  ])
  func declaredClassesReplaceTheDefault(info: String, classes: [String], labels: [Int]) throws {
    for (file, rows) in [
      ("train.csv", "text,label\na,0\nb,1\n"),
      ("train.jsonl", "{\"text\": \"a\", \"label\": 0}\n{\"text\": \"b\", \"label\": 1}\n"),
    ] {
      let folder = try TemporaryFolder(texts: [(file, rows), ("dataset_info.json", info)])
      let texts = try LabeledTexts(
        at: folder.path, split: "train", defaultClasses: ["neg", "pos"])
      #expect(texts.classes == classes)
      #expect(try (0..<2).map { try texts[$0].label } == labels)
    }
  }

  @Test func summaryNamesADeclarationInAnotherOrder() throws {
    let folder = try TemporaryFolder(texts: [
      ("train.csv", "text,label\na,0\n"), ("dataset_info.json", Self.info("[\"pos\", \"neg\"]")),
    ])
    let texts = try LabeledTexts(at: folder.path, split: "train", classes: ["neg", "pos"])
    #expect(
      texts.summary.hasSuffix(
        "labels are indices of \"pos\", \"neg\", declared in \(folder.path)/dataset_info.json"))
  }

  @Test func contentKeyDependsOnTheDeclaration() throws {
    func key(_ info: String) throws -> ContentKey {
      let folder = try TemporaryFolder(texts: [
        ("train.csv", "text,label\na,0\n"), ("dataset_info.json", info),
      ])
      // Only the parent's name is part of the key, so use an equal one.
      let texts = try LabeledTexts(at: folder.path, split: "train", classes: ["neg", "pos"])
      return try texts.contentKey()
    }
    #expect(
      try key(Self.info("[\"neg\", \"pos\"]")) != key(Self.info("[\"pos\", \"neg\"]")))
  }

  private static func card(_ names: String) -> String {
    """
    ---
    license: mit
    dataset_info:
      features:
      - name: text
        dtype: string
      - name: label
        dtype:
          class_label:
            names:
    \(names)
      splits:
      - name: train
        num_examples: 2
    ---
    # A data set
    names:
    """
  }

  @Test(arguments: [
    ("          '0': neg\n          '1': pos", [0, 1]),
    ("          '0': pos\n          '1': neg", [1, 0]),
    ("          '0': \"pos\"\r\n          '1': 'neg'\r", [1, 0]),
    ("          - pos\n          - neg", [1, 0]),
    ("          0: pos\n          # note\n          1: neg\n          2: unsup", [1, 0]),
  ])
  func dataSetCardDeclaresClasses(names: String, expected: [Int]) throws {
    let folder = try TemporaryFolder(texts: [
      ("train.csv", "text,label\na,0\nb,1\n"), ("README.md", Self.card(names)),
    ])
    let texts = try LabeledTexts(at: folder.path, split: "train", classes: ["neg", "pos"])
    #expect(try (0..<2).map { try texts[$0].label } == expected)
  }

  @Test(arguments: [
    ("          '0': neg\n          '2': pos", "are not numbered from 0"),
    ("          '0': neg\n          '1': neg", "must be distinct"), ("", "must be distinct"),
    ("          '0': good\n          '1': bad", "declares the classes \"good\", \"bad\""),
  ])
  func unusableDataSetCardIsRefused(names: String, message: String) throws {
    let folder = try TemporaryFolder(texts: [
      ("train.csv", "text,label\na,0\n"), ("README.md", Self.card(names)),
    ])
    let error = #expect(throws: DataLoadingError.self) {
      try LabeledTexts(at: folder.path, split: "train", classes: ["neg", "pos"])
    }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test func dataSetCardWithNamesOnOneLineIsRefused() throws {
    let card = "---\ndataset_info:\n- name: label\n  class_label:\n    names: [neg, pos]\n---\n"
    let folder = try TemporaryFolder(texts: [
      ("train.csv", "text,label\na,0\n"), ("README.md", card),
    ])
    let error = #expect(throws: DataLoadingError.self) {
      try LabeledTexts(at: folder.path, split: "train", classes: ["neg", "pos"])
    }
    #expect(error?.message.contains("must be on their own lines") == true)
  }

  @Test(arguments: ["# A data set\n", "", "---\nlicense: mit\n---\n", "---\n"])
  func otherDataSetCardsDeclareNothing(card: String) throws {
    let folder = try TemporaryFolder(texts: [
      ("train.csv", "text,label\na,1\n"), ("README.md", card),
    ])
    let texts = try LabeledTexts(at: folder.path, split: "train", classes: ["neg", "pos"])
    #expect(try texts[0].label == 1)
  }

  @Test func declarationsThatDifferAreRefused() throws {
    let folder = try TemporaryFolder(texts: [
      ("data/train.csv", "text,label\na,1\n"),
      ("dataset_info.json", Self.info("[\"neg\", \"pos\"]")),
      ("README.md", Self.card("          '0': pos\n          '1': neg")),
    ])
    let error = #expect(throws: DataLoadingError.self) {
      try LabeledTexts(at: folder.path, split: "train", classes: ["neg", "pos"])
    }
    #expect(error?.code == .ambiguous)
    #expect(error?.message.contains("dataset_info.json declares \"neg\", \"pos\"") == true)
  }
}
