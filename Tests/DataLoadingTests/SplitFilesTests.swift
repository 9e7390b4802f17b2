import DataLoading
import Testing

/// Which files of a folder belong to a split, and which combinations are refused.
@Suite struct SplitFilesTests {
  private static let row = "text,label\na,0\n"
  private static let json = "{\"text\": \"a\", \"label\": 0}\n"

  private func open(_ folder: TemporaryFolder, split: String = "train") throws -> LabeledTexts {
    try LabeledTexts(at: folder.path, split: split, classes: ["neg", "pos"])
  }

  private static func text(_ path: String) -> String {
    path.hasSuffix("csv") ? row : path.hasSuffix("tsv") ? "text\tlabel\na\t0\n" : json
  }

  @Test(arguments: [
    (["train.csv"], ["train.csv"]),
    (["train.tsv", "test.csv", "validation.jsonl"], ["train.tsv"]),
    (["train.json"], ["train.json"]),
    (["data/train.jsonl"], ["data/train.jsonl"]),
    (["plain_text/train.csv", "plain_text/test.csv"], ["plain_text/train.csv"]),
    // Names that only begin with the split's name belong to other splits.
    (
      ["train.csv", "training.csv", "train2.csv", "train-hard.csv", "trainer.jsonl"], ["train.csv"]
    ),
    (["train.csv", "train-1.csv", "train-of-2.csv", "train-0-of-x.csv"], ["train.csv"]),
    // Hidden files and backups of editors.
    (
      ["train.jsonl", ".train.csv", "._train.jsonl", "train.csv~", "train.csv.bak"], ["train.jsonl"]
    ),
    (
      ["train-00001-of-00002.csv", "train-00000-of-00002.csv", "test-00000-of-00001.csv"],
      ["train-00000-of-00002.csv", "train-00001-of-00002.csv"]
    ),
    (
      ["train-0-of-2-0123456789abcdef.jsonl", "train-1-of-2-fedcba9876543210.jsonl"],
      ["train-0-of-2-0123456789abcdef.jsonl", "train-1-of-2-fedcba9876543210.jsonl"]
    ),
    (
      ["train/neg/1.txt", "train/pos/2.txt", "train/unsup/3.txt"],
      ["train/neg/1.txt", "train/pos/2.txt"]
    ),
  ])
  func filesOfTheSplitAreRead(names: [String], expected: [String]) throws {
    let folder = try TemporaryFolder(texts: names.map { ($0, Self.text($0)) })
    let texts = try LabeledTexts(at: "\(folder.path)//", split: "train", classes: ["neg", "pos"])
    #expect(texts.files == expected.map { "\(folder.path)/\($0)" })
    #expect(texts.count == expected.count)
    #expect(try (0..<texts.count).allSatisfy { try !texts[$0].text.isEmpty })
  }

  @Test(arguments: [
    ["train.csv", "train.jsonl"], ["train.csv", "train.tsv"], ["train.json", "train.jsonl"],
    ["train.csv", "data/train.csv"], ["data/train.csv", "plain_text/train.csv"],
    ["train.jsonl", "train-00000-of-00001.jsonl"],
    ["train-00000-of-00001.csv", "train-00000-of-00002.csv", "train-00001-of-00002.csv"],
    ["train.csv", "train/neg/1.txt", "train/pos/2.txt"],
    ["train.csv", "dataset_dict.json"], ["train.csv", "train/state.json"],
    ["train.csv", "train.parquet"], ["train.parquet", "data/train-00000-of-00001.parquet"],
  ])
  func severalExportsAreRefused(names: [String]) throws {
    let folder = try TemporaryFolder(texts: names.map { ($0, Self.text($0)) })
    let error = #expect(throws: DataLoadingError.self) { try open(folder) }
    #expect(error?.code == .ambiguous)
    let message = error?.message ?? ""
    #expect(message.contains("several exports match the split \"train\""), "\(message)")
    #expect(message.contains("keep one of them"), "\(message)")
  }

  @Test func severalExportsAreNamedRelativeToTheFolder() throws {
    let folder = try TemporaryFolder(texts: [
      ("ä漢/train.csv", Self.row), ("ä漢/data/train-00000-of-00002.csv", Self.row),
      ("ä漢/data/train-00001-of-00002.csv", Self.row),
    ])
    let error = #expect(throws: DataLoadingError.self) {
      try LabeledTexts(at: "\(folder.path)/ä漢", split: "train", classes: ["neg", "pos"])
    }
    let expected =
      "\"train.csv\", \"data/train-00000-of-00002.csv … data/train-00001-of-00002.csv\"; keep one"
    #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: [
    (["train-00000-of-00002.csv"], "1 of 2 shards is missing: 1"),
    (["train-00001-of-00003.jsonl"], "2 of 3 shards are missing: 0, 2"),
    (["train-00000-of-99999.csv"], "99998 of 99999 shards are missing: 1, 2, 3, 4, 5, …"),
    (["train-00003-of-00003.csv"], "shards are numbered from 0 to 2"),
    (["train-0-of-1.csv", "train-00000-of-00001.csv"], "shard 0 of 1 exists twice"),
    (
      ["train-00000-of-00001-0123456789abcdef.csv", "train-00000-of-00001-1123456789abcdef.csv"],
      "shard 0 of 1 exists twice"
    ),
  ])
  func incompleteShardsAreRefused(names: [String], message: String) throws {
    let folder = try TemporaryFolder(texts: names.map { ($0, Self.text($0)) })
    let error = #expect(throws: DataLoadingError.self) { try open(folder) }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: [
    (["training.csv", "train.txt"], "the folder contains \"train.txt\", \"training.csv\""),
    (["Train.csv"], "the folder contains \"Train.csv\""),
    (["train-1.csv", "train-2.csv"], "shards such as train-00000-of-00002.parquet"),
    (["train-00000-of-00000.csv"], "the folder contains \"train-00000-of-00000.csv\""),
    (["test.csv"], "the folder contains \"test.csv\""),
    (["train.csv.gz"], "the folder contains \"train.csv.gz\""),
    ([".train.csv"], "the folder has no files, or only hidden ones"),
    (["train/0.txt"], "one folder per class"),
    (
      ["train/negative/1.txt", "train/positive/1.txt"],
      "\"train\" contains \"negative\", \"positive\""
    ),
  ])
  func missingSplitErrorListsTheFolder(names: [String], message: String) throws {
    let folder = try TemporaryFolder(texts: names.map { ($0, Self.text($0)) })
    let error = #expect(throws: DataLoadingError.self) { try open(folder) }
    #expect(error?.code == .fileUnreadable)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test func missingFolderErrorSaysSo() throws {
    let error = #expect(throws: DataLoadingError.self) {
      try LabeledTexts(at: "/nonexistent", split: "train", classes: ["neg", "pos"])
    }
    #expect(error?.message == "/nonexistent: the folder does not exist; check the path")
  }

  @Test(arguments: ["", "../train", ".hidden", "a/b"])
  func splitMustBeAFileName(split: String) throws {
    let folder = try TemporaryFolder(texts: [("train.csv", Self.row)])
    let error = #expect(throws: DataLoadingError.self) { try open(folder, split: split) }
    #expect(error?.code == .invalidArgument)
  }

  @Test func shardsAreConcatenatedInOrder() throws {
    let folder = try TemporaryFolder(texts: [
      ("train-00002-of-00003.csv", "text,label\nc,1\n"),
      ("train-00000-of-00003.csv", "label,text\n0,a\n1,b\n"),
      ("train-00001-of-00003.csv", "text,label\n"),
    ])
    let texts = try open(folder)
    #expect(try (0..<texts.count).map { try texts[$0].text } == ["a", "b", "c"])
    #expect(try (0..<texts.count).map { try texts[$0].label } == [0, 1, 1])
  }

  @Test func hiddenFilesInClassFoldersAreIgnored() throws {
    let folder = try TemporaryFolder(texts: [
      ("train/neg/1.txt", "a"), ("train/neg/._1.txt", "\u{0}\u{5}\u{16}\u{7}"),
      ("train/pos/2.txt", "b"), ("train/pos/.2.txt.swp", "x"),
      ("train/pos/.ipynb_checkpoints.txt", ""),
      ("train/pos/.DS_Store", "x"), ("train/__MACOSX/pos/2.txt", "x"), ("train/.git/1.txt", "x"),
    ])
    let texts = try open(folder)
    #expect(try (0..<texts.count).map { try texts[$0].text } == ["a", "b"])
    let all = try TextFolders(contentsOf: "\(folder.path)/train")
    #expect(all.labels.names == ["neg", "pos"])
  }

  @Test func summaryNamesFilesRowsAndClasses() throws {
    let folder = try TemporaryFolder(texts: [
      ("train.csv", "text,label\na,0\nb,1\n"), ("test-00000-of-00002.jsonl", Self.json),
      ("test-00001-of-00002.jsonl", Self.json),
    ])
    #expect(
      try open(folder).summary
        == "train: 2 texts in \(folder.path)/train.csv; classes \"neg\" (0), \"pos\" (1)")
    #expect(
      try open(folder, split: "test").summary
        == "test: 2 texts in 2 files \(folder.path)/test-00000-of-00002.jsonl … "
        + "\(folder.path)/test-00001-of-00002.jsonl; classes \"neg\" (0), \"pos\" (1)")
  }
}
