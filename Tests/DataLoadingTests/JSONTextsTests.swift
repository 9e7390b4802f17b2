import DataLoading
import Testing

/// JSON files with texts: what is read, and how errors are reported.
@Suite struct JSONTextsTests {
  private func texts(_ content: [UInt8], file: String = "train.jsonl") throws -> [LabeledText] {
    let folder = try TemporaryFolder([(file, content)])
    let texts = try LabeledTexts(at: folder.path, split: "train", classes: ["neg", "pos"])
    return try (0..<texts.count).map { try texts[$0] }
  }

  private static let expected = [
    LabeledText(text: "a \"b\"\nä😀", label: 1), LabeledText(text: "", label: 0),
  ]
  private static let first = #"{"text": "a \"b\"\n\u00e4\ud83d\ude00", "label": 1}"#
  private static let second = #"{"label":0,"text":""}"#

  @Test(arguments: [
    "\(first)\n\(second)\n", "\(first)\r\n\r\n  \(second)", "\u{FEFF}\(first)\n\(second)",
    "[\(first),\(second)]", "[\n  \(first),\n  \(second)\n]\n",
    "\u{FEFF} \n[\(first)\r\n,\(second)] \n",
    "[{\n \"label\": 1,\n \"x\": {\"y\": [1, null]},\n \"text\": \"a \\\"b\\\"\\nä😀\"\n},\n"
      + "\(second)]",
    "{\"id\": -0.5e-7, \"meta\": [[[]], {}, {\"text\": 3}], \"text\": \"a \\\"b\\\"\\nä😀\", "
      + "\"label\": 1}\n\(second)",
  ])
  func linesAndArraysAreRead(content: String) throws {
    for file in ["train.jsonl", "train.json"] {
      #expect(try texts(Array(content.utf8), file: file) == Self.expected, "\(file)")
    }
  }

  @Test(arguments: ["", "\n \r\n", "[]", " [ ] \n", "\u{FEFF}"])
  func fileWithoutRecordsIsEmpty(content: String) throws {
    #expect(try texts(Array(content.utf8)).isEmpty)
  }

  @Test func everyEscapeIsRead() throws {
    let text = #"{"label": 0, "text": "\b\f\n\r\t\/\\\"\u0000\u00E9\uD834\uDD1E"}"#
    #expect(
      try texts(Array(text.utf8))
        == [LabeledText(text: "\u{8}\u{C}\n\r\t/\\\"\0é𝄞", label: 0)])
  }

  @Test func deepNestingIsSkipped() throws {
    let depth = 200_000
    let open = String(repeating: "[", count: depth)
    let close = String(repeating: "]", count: depth)
    let record = "{\"deep\": \(open)\(close), \"text\": \"a\", \"label\": 1}"
    #expect(try texts(Array(record.utf8)) == [LabeledText(text: "a", label: 1)])
    #expect(throws: DataLoadingError.self) { try texts(Array("{\"deep\": \(open)".utf8)) }
  }

  private static let start = second + "\n"

  @Test(arguments: [
    ("{\"text\": \"a\", \"label\": 1, \"x\": NaN}", 2, "NaN is not JSON; write null"),
    ("{\"text\": \"a\", \"label\": -Infinity}", 2, "-Infinity is not JSON"),
    ("{\"text\": \"a\", \"label\": True}", 2, "True is Python, not JSON; write true"),
    ("{\"text\": None, \"label\": 1}", 2, "None is Python, not JSON; write null"),
    ("{'text': 'a', 'label': 1}", 2, "single quotes are not JSON"),
    ("{\"text\": 'a', \"label\": 1}", 2, "single quotes are not JSON"),
    ("{\"text\": \"a\", \"label\": 1,}", 2, "expected the name of a member in double quotes"),
    ("{\"text\": \"a\" \"label\": 1}", 2, "expected a comma or \"}\" after a member"),
    ("{\"text\": \"a\", \"label\": 01}", 2, "a number must not start with 0"),
    ("{\"text\": \"a\", \"label\": 1.}", 2, "expected a digit after the decimal point"),
    ("{\"text\": \"a\\x\", \"label\": 1}", 2, "the escape \\x does not exist in JSON"),
    ("{\"text\": \"a\\u12g4\", \"label\": 1}", 2, "the escape \\u12g4 is invalid"),
    ("{\"text\": \"\\ud83d\", \"label\": 1}", 2, "the escape \\ud83d is half of a surrogate pair"),
    ("{\"x\": \"\\ude00\\ud83d\", \"text\": \"a\", \"label\": 1}", 2, "half of a surrogate pair"),
    ("{\"text\": \"a\tb\", \"label\": 1}", 2, "a control character inside a string"),
    ("{\"text\": \"a\nb\", \"label\": 1}", 2, "is not closed on its line"),
    ("{\n \"text\": \"a\",\n \"label\": 1\n}", 2, "the record continues on the next line"),
    ("{\"text\": \"a\", \"label\": 1},", 2, "follows the record"),
    ("{\"text\": \"a\", \"label\": 1} {\"text\": \"b\", \"label\": 1}", 2, "follows the record"),
    (
      "{\"text\": \"a\", \"label\": 1}\r{\"text\": \"b\", \"label\": 1}", 2,
      "lines end with carriage returns"
    ),
    ("{\"text\": \"a\", \"label\": 1", 2, "the file ends early"),
    ("{\"text\": \"a", 2, "the file ends inside the string"),
    ("\n\n[\"a\", 1]", 4, "a record is a JSON object"), ("null", 2, "a record is a JSON object"),
    ("{\"text\": \"a\", \"text\": \"b\", \"label\": 1}", 2, "the member \"text\" occurs twice"),
    (
      "{\"sentence\": \"a\", \"label\": 1}", 2,
      "there is no member \"text\"; the members are \"sentence\""
    ),
    ("{\"text\": \"a\", \"Label\": 1}", 2, "there is no member \"label\""),
    ("{\"text\": null, \"label\": 1}", 2, "the text in column \"text\" is null"),
    ("{\"text\": 5, \"label\": 1}", 2, "the text in column \"text\" is 5"),
    ("{\"text\": [\"a\"], \"label\": 1}", 2, "the text in column \"text\" is [\"a\"]"),
  ])
  func lineErrorNamesTheLineAndTheCause(line: String, number: Int, message: String) throws {
    let error = #expect(throws: DataLoadingError.self) {
      try texts(Array((Self.start + line).utf8))
    }
    #expect(error?.line == number)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: [
    ("[\n\(second)\n\(second)]", 3, "expected a comma or \"]\" between records"),
    ("[\n\(second),\n]", 3, "an element of the array is \"]\""),
    ("[\n\(second),\n\n3]", 4, "an element of the array is \"3"),
    ("[\(second)", 1, "the file ends inside the array"),
    ("[\(second),", 1, "an element of the array"),
    ("[\(second)]\n[\(second)]", 2, "follows the array"),
    ("[[\(second)]]", 1, "an element of the array"),
    ("[\n{\"text\": nan}]", 2, "nan is not JSON"),
    ("[\n\(second),\n{\"text\": \"b\"}]", 3, "there is no member \"label\""),
    ("{\"text\": {\"0\": \"a\"}, \"label\": {\"0\": 1}}", 1, "to_json(orient=\"records\")"),
    ("{\"data\": [\(second)]}", 1, "one object with the members \"data\", not a list of records"),
    ("\n{\n \"train\": [],\n \"test\": []\n}\n", 2, "with the members \"train\", \"test\""),
  ])
  func arrayErrorNamesTheLineAndTheCause(content: String, number: Int, message: String) throws {
    let error = #expect(throws: DataLoadingError.self) {
      try texts(Array(content.utf8), file: "train.json")
    }
    #expect(error?.line == number)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test(
    arguments: [
      ([0xFF, 0xFE, 0x7B, 0x00], "UTF-16"), ([0x7B, 0x00, 0x22, 0x00], "UTF-16LE"),
      ([0x00, 0x7B, 0x00, 0x22], "UTF-16BE"), ([0x1F, 0x8B, 0x08, 0x00], "compressed with gzip"),
      (Array("version https://git-lfs.github.com/spec/v1".utf8), "a Git LFS pointer"),
      (Array("<!DOCTYPE html>".utf8), "an HTML page"),
      (Array("{\"text\": \"caf\u{E9}".utf8.dropLast(2)) + [0xE9, 0x22, 0x7D], "not UTF-8"),
    ] as [([UInt8], String)])
  func otherEncodingsAreNamed(content: [UInt8], message: String) throws {
    let error = #expect(throws: DataLoadingError.self) { try texts(content) }
    #expect(error?.line == 1)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }
}
