import Elastic
import ProcessHarness
import Testing

@Suite struct LogFolderTests {
  @Test func noFolderIsUsedTwice() throws {
    let base = try TestFolder()
    let folder = try LogFolder(base: base.path, runID: "a/b", isTemporary: false)
    let folders =
      try (0..<3).map { _ in try folder.create(attempt: 0) } + [folder.create(attempt: 1)]
    #expect(
      folders.map { String($0.dropFirst(folder.path.count)) } == [
        "/attempt_0", "/attempt_0_generation_1", "/attempt_0_generation_2", "/attempt_1",
      ])
  }
}
