import ProcessHarness
import Testing

extension TokenizerPeerTests {
  /// Ids, type ids, masks, offsets and decoded texts; by hand this was done on all 50,000 reviews and on
  /// 100,000 random strings.
  @Test func encodingsEqualHuggingFacesOnReviewsAndRandomStrings() async throws {
    let folder = try TestFolder()
    let (texts, expected) = (folder.file("texts"), folder.file("expected"))
    _ = try await Peers.run(
      "encode_texts.py",
      [
        "--model", Peers.model, "--csv", Peers.testCSV, "--count", "500", "--random", "5000",
        "--texts", texts, "--expected", expected,
      ])
    let result = try await ChildProcess.run(
      ChildProcess.product("TokenizeTexts"), [Peers.model, texts, "--check", expected],
      within: .seconds(300))
    #expect(result.code == 0, "\(result.output)")
    #expect(result.output.contains("5500 texts, 0 different"))
  }
}
