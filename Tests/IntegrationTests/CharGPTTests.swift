import Foundation
import ProcessHarness
import Testing
import Torch

@Suite(.timeLimit(.minutes(5))) struct CharGPTTests {
  private let folder: TestFolder
  private let text = String(repeating: "the quick brown fox. ", count: 40)

  init() throws {
    folder = try TestFolder()
    try folder.create("text.txt", text)
  }

  private func run(ranks: Int?, _ more: String...) async throws -> ExampleRun {
    try await ExampleRun(
      "char-gpt",
      [
        "--text", folder.file("text.txt"), "--steps", "60", "--batch-size", "8", "--context", "16",
        "--size", "32", "--log-every", "20", "--sample", "50",
      ] + more, ranks: ranks)
  }

  @Test(arguments: [nil, 2]) func learnsTheTextAndPrintsASample(ranks: Int?) async throws {
    let run = try await run(ranks: ranks, "--save", folder.file("weights.pt"))
    #expect(run.result.code == 0, "\(run.result.errors)")
    let losses = run.values("step", "loss")
    #expect(losses.map(\.index) == [20, 40, 60])
    try #require(losses.count == 3)
    #expect(losses[0].value < 2.9, "a uniform distribution has log 18 = 2.89")
    #expect(losses[2].value < losses[0].value / 2)
    let sample = try #require(run.result.output.firstMatch(of: /sample: (.*)/)?.1)
    #expect(sample.count == 50)
    #expect(Set(sample).isSubset(of: Set(text)))
    #expect(sample.contains("ox"), "\(sample)")

    let weights = try PyTorchFile.readStateDict(path: folder.file("weights.pt"))
    #expect(weights["characters.weight"]?.shape == [Set(text).count, 32])
    #expect(weights["blocks.1.network.2.bias"]?.shape == [32])
  }

  /// Output to a file is buffered, unless `withWorker` changes that.
  @Test func linesAreWrittenWhileTheProgramRuns() async throws {
    let job = try ChildProcess(
      "char-gpt",
      ["--text", folder.file("text.txt"), "--steps", "10000000", "--log-every", "1"])
    try await value { job.output.contains("step 2  loss ") ? () : nil }
    #expect(job.isRunning)
    job.send(SIGKILL)
    #expect(try await job.result().code == 128 + SIGKILL)
  }

  @Test func unusableOptionsAreReported() async throws {
    let short = try await run(ranks: nil, "--context", "900")
    #expect(short.result.code == 1)
    #expect(short.result.errors.contains("the text has 840 characters; use a smaller --context"))
    let heads = try await run(ranks: nil, "--heads", "3")
    #expect(heads.result.code == 64)
    #expect(heads.result.errors.contains("--heads must divide --size"))
  }
}
