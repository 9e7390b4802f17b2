import Foundation
import ProcessHarness
import Testing
import Torch
import Transformers

/// What a fine-tuning job checks before training, saves after it, and says when it resumes.
@Suite(.timeLimit(.minutes(10))) struct FinetuneSavingTests {
  private struct SavedConfiguration: Decodable {
    var dtype: String?
    var id2label: [String: String]
    var label2id: [String: Int]
  }

  private func configuration(_ job: TinyJob) throws -> SavedConfiguration {
    let data = try #require(job.folder.data("out/config.json"))
    return try JSONDecoder().decode(SavedConfiguration.self, from: data)
  }

  /// The only step multiplies the weights by an enormous rate, so the logits are not finite.
  @Test(arguments: [true, false]) func failedEvaluationLeavesASavedModel(hasOutput: Bool)
    async throws
  {
    let job = try TinyJob()
    let out = job.folder.file("out")
    let result = try await ChildProcess.run(
      "finetune-bert",
      job.arguments("--train-samples", "4", "--epochs", "1", "--learning-rate", "1e38")
        + (hasOutput ? ["--output", out] : []))
    #expect(result.code == 1, "\(result.errors)")
    #expect(result.output.contains("The evaluation failed after the training. "))
    #expect(
      result.output.contains(
        hasOutput
          ? "The trained model is saved in '\(out)'."
          : "The trained weights are lost: pass --output FOLDER or --snapshots FOLDER"),
      "\(result.output)")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: out)) ?? []
    #expect(names.contains("model.safetensors") == hasOutput)
    #expect(
      names.contains("tokenizer.json") == hasOutput && names.contains("config.json") == hasOutput)
    #expect(!names.contains("eval_results.json"))
  }

  @Test func folderWithoutFittingWeightsIsRefused() async throws {
    let job = try TinyJob()
    let arguments = job.arguments().filter { $0 != "--from-scratch" }
    let empty = try await ChildProcess.run("finetune-bert", arguments)
    #expect(empty.code == 1)
    #expect(empty.errors.contains("it contains no weights"), "\(empty.errors)")
    #expect(empty.errors.contains("--from-scratch"))
    let path = job.folder.file("model/model.safetensors")
    try Safetensors.write(["roberta.embeddings.word.weight": Tensor.zeros([4, 4])], path: path)
    let other = try await ChildProcess.run("finetune-bert", arguments)
    #expect(other.code == 1)
    #expect(other.errors.contains("roberta.embeddings.word.weight"), "\(other.errors)")
    #expect(!other.output.contains("average loss"))
    let fresh = try await ChildProcess.run("finetune-bert", job.arguments())
    #expect(fresh.code == 0, "\(fresh.errors)")
    #expect(
      fresh.output.contains("all weights are initialized randomly, because of --from-scratch"))
  }

  /// The vocabulary has a word more than the embedding has rows.
  @Test(arguments: ["train", "test"]) func tokenWithoutAnEmbeddingIsNamed(split: String)
    async throws
  {
    let job = try TinyJob()
    let vocabulary = try #require(job.folder.text("model/vocab.txt"))
    try job.folder.create("model/vocab.txt", vocabulary + "superb\n")
    let harmless = try await ChildProcess.run("finetune-bert", job.arguments("--epochs", "1"))
    #expect(harmless.code == 0, "\(harmless.errors)")
    #expect(harmless.output.contains("no review of the test split needs the missing ones"))
    let rows = try #require(job.folder.text("data/\(split).csv"))
    try job.folder.create("data/\(split).csv", rows + "\"a superb film\",1\n")
    let result = try await ChildProcess.run("finetune-bert", job.arguments())
    #expect(result.code == 1)
    #expect(
      result.errors.contains(
        "a review of the \(split) split contains the token 'superb' with id 15, but the embedding"),
      "\(result.errors)")
    #expect(!result.output.contains("average loss"))
  }

  @Test(arguments: [
    ["negative", "positive"], ["positive", "negative"], ["NEGATIVE", "POSITIVE"], ["bad", "good"],
    ["1 star", "5 stars"],
  ])
  func declaredClassesAreUsedAndSaved(names: [String]) async throws {
    let job = try TinyJob()
    try job.declareClasses(names)
    let result = try await job.run(ranks: 1, "--epochs", "1", "--output", job.folder.file("out"))
    #expect(result.code == 0, "\(result.errors)")
    #expect(
      result.output.contains(
        "Classification report (class 0: \(names[0]), class 1: \(names[1]))"), "\(result.output)")
    let saved = try configuration(job)
    #expect(saved.id2label == ["0": names[0], "1": names[1]])
    #expect(saved.label2id == [names[0]: 0, names[1]: 1])
    #expect(saved.dtype == "float32")
  }

  /// The default names in the other order are the same classes: 0 is the declared `pos`.
  @Test func declaredDefaultClassesKeepTheirOrder() async throws {
    let job = try TinyJob()
    try job.declareClasses(["pos", "neg"])
    let result = try await job.run(ranks: 1, "--epochs", "1", "--output", job.folder.file("out"))
    #expect(result.code == 0, "\(result.errors)")
    #expect(try configuration(job).id2label == ["0": "neg", "1": "pos"])
  }

  @Test func labelNamesAreGivenAsOptions() async throws {
    let job = try TinyJob()
    for split in ["train", "test"] {
      let text = try #require(job.folder.text("data/\(split).csv"))
      try job.folder.create(
        "data/\(split).csv",
        text.replacing("\",0\n", with: "\",awful\n").replacing("\",1\n", with: "\",great\n"))
    }
    let refused = try await ChildProcess.run("finetune-bert", job.arguments())
    #expect(refused.code == 1 && refused.errors.contains("\"awful\""), "\(refused.errors)")
    let result = try await job.run(
      ranks: 1, "--epochs", "1", "--label-name", "great", "--label-name", "awful", "--output",
      job.folder.file("out"))
    #expect(result.code == 0, "\(result.errors)")
    #expect(try configuration(job).id2label == ["0": "great", "1": "awful"])
  }

  /// The options of the second run, and the words that it reports.
  @Test(arguments: [
    (["--learning-rate", "5e-4"], "learning rate: 0.001 in the snapshot, 0.0005 now"),
    (["--weight-decay", "0.1"], "weight decay: 0.0 in the snapshot, [0.1, 0.0] now"),
    (["--batch-size", "8"], "the schedule continues at step 16 of 24"),
    (["--warmup-steps", "3"], "warm-up steps 0, total steps 32 in the snapshot"),
    (["--epochs", "3"], "length: 2 epochs in the snapshot, 3 epochs now"),
    (["--dropout", "0.3"], "dropout: the model's in the snapshot, 0.3 now"),
    (["--max-length", "12"], "max length: 16 in the snapshot, 12 now"),
    (["--precision", "bf16"], "precision: fp32 in the snapshot, bf16 now"),
  ])
  func changedOptionIsReportedOnResume(options: [String], words: String) async throws {
    let job = try TinyJob()
    let snapshots = ["--snapshots", job.folder.file("snapshots"), "--eval-samples", "0"]
    let first = try await ChildProcess.run("finetune-bert", job.arguments() + snapshots)
    #expect(first.code == 0, "\(first.errors)")
    let unchanged = try await ChildProcess.run("finetune-bert", job.arguments() + snapshots)
    #expect(unchanged.output.contains("already complete"))
    #expect(!unchanged.output.contains("in the snapshot"))
    // A third epoch, so that there is something left to train.
    let result = try await ChildProcess.run(
      "finetune-bert", job.arguments() + snapshots + ["--epochs", "3"] + options)
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains(words), "\(result.output)")
  }

  @Test(arguments: [
    (["--seed", "7"], "seed 7"), (["--train-samples", "60"], "60"),
    (["--epochs", "1"], "beyond the end of this run"),
  ])
  func changedOptionIsRefusedOnResume(options: [String], words: String) async throws {
    let job = try TinyJob()
    let snapshots = ["--snapshots", job.folder.file("snapshots"), "--eval-samples", "0"]
    let first = try await ChildProcess.run("finetune-bert", job.arguments() + snapshots)
    #expect(first.code == 0, "\(first.errors)")
    let result = try await ChildProcess.run(
      "finetune-bert", job.arguments() + snapshots + options)
    #expect(result.code == 1)
    #expect(result.errors.contains("cannot resume from snapshot"), "\(result.errors)")
    #expect(result.errors.contains(words), "\(result.errors)")
  }

  /// The same number of reviews with other contents.
  @Test func otherReviewsAreRefusedOnResume() async throws {
    let job = try TinyJob()
    let snapshots = ["--snapshots", job.folder.file("snapshots"), "--eval-samples", "0"]
    let first = try await ChildProcess.run("finetune-bert", job.arguments() + snapshots)
    #expect(first.code == 0, "\(first.errors)")
    let rows = try #require(job.folder.text("data/train.csv"))
    try job.folder.create("data/train.csv", rows.replacing("good", with: "fine"))
    let result = try await ChildProcess.run("finetune-bert", job.arguments() + snapshots)
    #expect(result.code == 1)
    #expect(result.errors.contains("training data: "), "\(result.errors)")
  }
}
