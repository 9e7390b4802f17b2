import DataLoading
import Foundation
import Testing

@Suite struct LabeledTextsTests {
  private static let layouts: [[(file: String, text: String)]] = [
    [("train.csv", "label,text\n1,\"a, \"\"b\"\"\"\n0,c\n")],
    [("train.tsv", "text\tlabel\na, \"b\"\tpos\nc\tneg\n")],
    [
      (
        "train.jsonl",
        "{\"text\": \"a, \\\"b\\\"\", \"label\": 1}\n{\"label\": \"neg\", \"text\": \"c\"}\n"
      )
    ],
    [("train/pos/1_9.txt", "a, \"b\""), ("train/neg/0_1.txt", "c")],
  ]

  private let folder = FileManager.default.temporaryDirectory.appending(path: "texts-\(UUID())")

  private func withFiles<Result>(
    _ files: [(file: String, text: String)], _ body: (String) throws -> Result
  ) throws -> Result {
    defer { try? FileManager.default.removeItem(at: folder) }
    for (file, text) in files {
      let url = folder.appending(path: file)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    return try body(folder.path)
  }

  private func open(_ folder: String) throws -> LabeledTexts {
    try LabeledTexts(at: folder, split: "train", classes: ["neg", "pos"])
  }

  @Test(arguments: layouts.indices) func allLayoutsGiveTheSameTexts(layout: Int) throws {
    let texts = try withFiles(Self.layouts[layout]) { folder in
      let all = try open(folder)
      return Set(try (0..<all.count).map { try all[$0] })
    }
    #expect(texts == [.init(text: "a, \"b\"", label: 1), .init(text: "c", label: 0)])
  }

  @Test(arguments: [
    (
      [("train.csv", "text,label\na,2\n")],
      "train.csv:2: the label \"2\" in column \"label\" is none of \"neg\" (0)"
    ),
    (
      [("train.jsonl", "\n{\"text\":\"a\",\"label\":-1}\n")],
      "train.jsonl:2: the label -1 in column"
    ),
    ([("train.jsonl", "{\"text\":\"a\",\"label\":null}")], "train.jsonl:1: the label null"),
    ([("train.tsv", "text\tclass\na\tpos\n")], "train.tsv:1: there is no column \"label\""),
    (
      [("train.tsv", "text\tlabel\n\"a \"\"b\"\"\"\t1\n")],
      "train.tsv:2: the text in column \"text\" is quoted"
    ),
    ([("train/neg/0.txt", "a")], "/train/pos"),
    ([("test.csv", "text,label\n")], "no texts found for the split \"train\""),
    ([("dataset_dict.json", "{\"splits\": [\"test\"]}")], "there is no split \"train\""),
    ([("data/train-00000-of-00001.parquet", "PAR1")], "train-00000-of-00001.parquet"),
  ])
  func errorsNameTheMistake(files: [(String, String)], message: String) throws {
    try withFiles(files.map { (file: $0.0, text: $0.1) }) { folder in
      let error = #expect(throws: DataLoadingError.self) { try open(folder)[0] }
      #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }
  }

  @Test func contentKeyDependsOnFilesAndClasses() throws {
    func key(_ files: [(file: String, text: String)]) throws -> ContentKey {
      try withFiles(files) { try open($0).contentKey() }
    }
    let folders = Self.layouts[3]
    let first = try key(folders)
    #expect(try key(folders) == first)
    #expect(try key(Self.layouts[0]) != first)
    let swapped = [(file: folders[0].file, text: "c"), (file: folders[1].file, text: "a, \"b\"")]
    #expect(try key(swapped) != first)
    let moved = [
      (file: "train/neg/1_9.txt", text: "a, \"b\""), (file: "train/pos/0_1.txt", text: "c"),
    ]
    #expect(try key(moved) != first)
    let renumbered = try withFiles(folders) {
      try LabeledTexts(at: $0, split: "train", classes: ["pos", "neg"]).contentKey()
    }
    #expect(renumbered != first, "same files, different class order")
  }
}
