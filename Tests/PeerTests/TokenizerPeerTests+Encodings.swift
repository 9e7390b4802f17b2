import ProcessHarness
import Testing

extension TokenizerPeerTests {
  /// Compares ids, type ids, masks, offsets and decoded texts.
  ///
  /// A manual run covered all 50,000 reviews and 100,000 random strings.
  @Test func encodingsEqualHuggingFacesOnReviewsAndRandomStrings() async throws {
    let folder = try TestFolder()
    let texts = folder.file("texts")
    let expected = folder.file("expected")
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
