import DataLoading
import Foundation
import Testing

@Suite struct ReaderTests {
  private struct Review: Codable, Equatable {
    var text: String
    var label: Int
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "lockstep-\(UUID())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  @Test func jsonLinesAreDecodedOneByOne() throws {
    try withFolder { folder in
      let path = "\(folder)/a.jsonl"
      let text = "{\"text\": \"gut \\u00e4\", \"label\": 1}\r\n\n  \n{\"text\": \"\", \"label\": 0}"
      try Data(text.utf8).write(to: URL(filePath: path))
      let lines = try JSONLines(of: Review.self, contentsOf: path)
      #expect(lines.count == 2)
      #expect(try lines[0] == Review(text: "gut ä", label: 1))
      #expect(try lines[1] == Review(text: "", label: 0))
    }
  }

  @Test(arguments: ["{", "[]", "{\"text\": 1, \"label\": 1}", "\u{0}", "nul", "{\"text\":\"a\"}"])
  func malformedLineErrorNamesTheLine(line: String) throws {
    try withFolder { folder in
      let path = "\(folder)/a.jsonl"
      try Data("\n\(line)\n".utf8).write(to: URL(filePath: path))
      let lines = try JSONLines(of: Review.self, contentsOf: path)
      let error = #expect(throws: DataLoadingError.self) { try lines[0] }
      #expect(error?.line == 2)
      #expect(error?.path == path)
    }
  }

  @Test func foldersAreClasses() throws {
    try withFolder { folder in
      for (name, text) in [
        ("pos/10_9.txt", "b"), ("pos/1_9.txt", "a"), ("neg/0_1.txt", "c"), ("neg/x.feat", "-"),
      ] {
        let url = URL(filePath: "\(folder)/\(name)")
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
      }
      let all = try TextFolders(contentsOf: folder)
      #expect(all.labels.names == ["neg", "pos"])
      #expect(try (0..<all.count).map { try all[$0].text } == ["c", "b", "a"])
      #expect(try (0..<all.count).map { try all[$0].label } == [0, 1, 1])
      let positive = try TextFolders(contentsOf: folder, classes: ["pos"])
      #expect(positive.count == 2)
      #expect(throws: DataLoadingError.self) {
        try TextFolders(contentsOf: folder, classes: ["pos", "unsup"])
      }
      try Data([0xFF]).write(to: URL(filePath: "\(folder)/neg/0_1.txt"))
      #expect(throws: DataLoadingError.self) { try all[0] }
    }
  }
}
