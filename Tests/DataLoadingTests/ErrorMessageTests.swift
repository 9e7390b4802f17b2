import DataLoading
import Testing

/// Whatever a file contains, a message is one line of at most 2,000 bytes and quotes at most 80
/// characters.
@Suite struct ErrorMessageTests {
  private static let long = String(repeating: "é😀x", count: 400_000)
  private static let bell = "\u{7}\u{1B}[31m\u{202E}\u{2028}\u{0}"

  private static let files: [(file: String, text: String)] = [
    ("train.csv", "text,label\na,\(long)\n"), ("train.csv", "text,label\na,\(bell)\n"),
    ("train.csv", "\(long),b\n1,2\n"), ("train.csv", "text,label\n\"\(long)\n"),
    ("train.csv", "text,label\n\(long)\n"), ("train.csv", "text,label\n\"a\"\(long)\n"),
    ("train.csv", "text,label\n\"a\\\"\(long)\",1\n"),
    ("train.csv", "text\rlabel\r" + String(repeating: "a,1\r", count: 500_000)),
    ("train.csv", (0..<100_000).map { "column\($0)" }.joined(separator: ",") + "\n"),
    ("train.tsv", "text label \(long)\n"),
    ("train.jsonl", "{\"text\": \"a\", \"label\": \"\(long)\"}"),
    ("train.jsonl", "{\"text\": \"a\", \"label\": [\"\(long)\"]}"),
    ("train.jsonl", "{\"text\": {\"\(long)\": 1}, \"label\": 1}"), ("train.jsonl", long),
    ("train.jsonl", "{\"\(long)\": 1, \"label\": 1}"), ("train.jsonl", "{\"text\": \"\(long)"),
    ("train.jsonl", "{\"text\": \"a\", \"label\": 1}\(long)"),
    ("train.jsonl", "{\"text\": \"a\", \"label\": \"\\u0007\\u001b\\u2028\\n\"}"),
    ("train.jsonl", "{\"text\": \"a\", \"label\": \(String(repeating: "9", count: 100_000))}"),
    ("train.json", "[\(long)]"), ("dataset_dict.json", "{\"splits\": [\"\(long)\"]}"),
    ("dataset_dict.json", long), ("dataset_dict.json", "{\"splits\": {\"\(long)\": 1}}"),
    ("train/state.json", "{\"_data_files\": [{\"filename\": \"\(long)\"}]}"),
    ("train/state.json", "{\"_data_files\": [{\"filename\": \"a\", \"take\": \"\(long)\"}]}"),
  ]

  @Test(arguments: files.indices) func messagesAreShortLines(index: Int) throws {
    let (file, text) = Self.files[index]
    let folder = try TemporaryFolder(texts: [(file, text)])
    let error = #expect(throws: DataLoadingError.self) {
      try LabeledTexts(at: folder.path, split: "train", classes: ["neg", "pos"])[0]
    }
    let message = error?.message ?? ""
    #expect(message.hasPrefix(folder.path))
    #expect(message.utf8.count <= 2000, "\(message.utf8.count)")
    #expect(!message.unicodeScalars.contains { $0.properties.generalCategory == .control })
    #expect(!message.unicodeScalars.contains { "\u{2028}\u{202E}".unicodeScalars.contains($0) })
    #expect(!message.contains(String(repeating: "é😀x", count: 28)), "more than 80 characters")
  }

  @Test func valueIsCutAfterEightyCharacters() throws {
    let text = String(repeating: "0123456789", count: 20)
    let folder = try TemporaryFolder(texts: [("train.csv", "text,label\na,\(text)\n")])
    let error = #expect(throws: DataLoadingError.self) {
      try LabeledTexts(at: folder.path, split: "train", classes: ["neg", "pos"])[0]
    }
    let value = String(repeating: "0123456789", count: 7) + "012345678…"
    #expect(error?.message.contains("the label \"\(value)\" in column") == true)
  }

  @Test func combiningCharactersCount() throws {
    let text = "x" + String(repeating: "\u{301}", count: 10_000)
    let file = try TemporaryFile("text,label\na,\(text)\n")
    let error = #expect(throws: DataLoadingError.self) {
      try DelimitedTable(contentsOf: file.path)
        .labels(ofColumn: "label", using: LabelMap(["neg", "pos"]))
    }
    #expect((error?.message.utf8.count ?? 0) < 500)
  }

  @Test func aTwelfthOfManyClassesIsNamed() throws {
    let file = try TemporaryFile("text,label\na,x\n")
    let classes = (0..<10_000).map { "class \($0)" }
    let error = #expect(throws: DataLoadingError.self) {
      try DelimitedTable(contentsOf: file.path)
        .labels(ofColumn: "label", using: LabelMap(classes))
    }
    #expect(error?.message.contains("\"class 11\", … (10000 in all)") == true)
  }

  @Test func longPathIsShortened() throws {
    let path = String(repeating: "/nonexistent", count: 300)
    let error = #expect(throws: DataLoadingError.self) { try DelimitedTable(contentsOf: path) }
    #expect((error?.message.utf8.count ?? 0) < 600)
    #expect(error?.path == path)
  }
}
