import DataLoading
import Foundation
import Testing
import Tokenizers
import Transformers

@Suite(.enabled(if: Peers.areAvailable, Peers.missing)) struct TokenizerPeerTests {
  @Test func idsEqualHuggingFacesOnReviewsAndUnusualStrings() async throws {
    let strings = "\(Peers.root)/Tests/Peers/nasty-strings.json"
    let lines = try await Peers.run(
      "tokenize_texts.py",
      ["--model", Peers.model, "--csv", Peers.testCSV, "--count", "5000", "--strings", strings]
    ).split(separator: "\n")
    let nasty = try JSONDecoder().decode(
      [String].self, from: Data(contentsOf: URL(fileURLWithPath: strings)))
    let reviews = try DelimitedTable(contentsOf: Peers.testCSV).texts(ofColumn: "text")
    let texts = reviews.prefix(5000) + nasty
    #expect(nasty.count >= 100)
    try #require(lines.count == texts.count)

    let tokenizer = try WordPieceTokenizer(contentsOf: Peers.model)
    for (text, line) in zip(texts, lines) {
      let wanted = try Peers.decode([Int32].self, line)
      let ids = tokenizer.encode(text, maxLength: 512).ids
      #expect(ids == wanted, "\(text.prefix(200).debugDescription)")
    }
  }
}
