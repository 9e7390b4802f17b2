import DataLoading
import Foundation
import ProcessHarness
import Testing
import Tokenizers
import Torch
import Transformers

@Suite(.enabled(if: Peers.areAvailable, Peers.missing)) struct ModelPeerTests {
  private struct Answer: Decodable {
    var logits: [[Float]]
    var missing_keys: [String]
    var unexpected_keys: [String]
    var mismatched_keys: [String]
  }

  /// Hugging Face loads what Swift saves, without missing keys, and computes the same logits.
  @Test func huggingFaceLoadsASavedFolderAndComputesEqualLogits() async throws {
    let folder = try TestFolder()
    manualSeed(3)
    let (model, report) = try BertForSequenceClassification.pretrained(
      at: Peers.model, labelCount: 2)
    #expect(report.missingKeys == ["classifier.bias", "classifier.weight"])
    #expect(report.unexpectedKeys == [])
    let tokenizer = try WordPieceTokenizer(contentsOf: Peers.model)
    try model.savePretrained(to: folder.path)
    try tokenizer.save(to: folder.path)

    let answer = try Peers.decode(
      Answer.self,
      try await Peers.run(
        "logits.py", ["--model", folder.path, "--csv", Peers.testCSV, "--count", "100"]))
    #expect(answer.missing_keys + answer.unexpected_keys + answer.mismatched_keys == [])
    try #require(answer.logits.count == 100)

    model.eval()
    let reviews = try DelimitedTable(contentsOf: Peers.testCSV).texts(ofColumn: "text").prefix(100)
    var largest: Float = 0
    for (review, wanted) in zip(reviews, answer.logits) {
      let ids = tokenizer.encode(review, maxLength: 128).ids
      let logits = try noGrad {
        try model(TokenBatch(inputIDs: Tensor(ids.map(Int64.init), shape: [1, ids.count])))
      }.array(of: Float.self)
      largest = max(largest, zip(logits, wanted).map { abs($0 - $1) }.max() ?? .infinity)
    }
    print("largest difference of logits from Hugging Face's: \(largest)")
    #expect(largest <= 1e-4)
  }

  /// Swift loads what Hugging Face saves, without missing keys, and saves the same bits.
  @Test func swiftLoadsAndSavesHuggingFacesWeightsBitForBit() async throws {
    let folder = try TestFolder()
    _ = try await Peers.run(
      "batches.py",
      [
        "--model", Peers.model, "--csv", Peers.trainCSV, "--output", folder.path, "--steps", "1",
      ])
    let (model, report) = try BertForSequenceClassification.pretrained(
      at: folder.file("model"))
    #expect(report == LoadReport(missingKeys: [], unexpectedKeys: []))
    try model.savePretrained(to: folder.file("again"))
    let (again, _) = try BertForSequenceClassification.pretrained(at: folder.file("again"))
    #expect(again.stateDict.fingerprint == model.stateDict.fingerprint)
    let saved = try Safetensors.read(path: folder.file("model/model.safetensors")).tensors
    #expect(saved.fingerprint == model.stateDict.fingerprint)
  }
}
