import Foundation
import ProcessHarness
import Testing
import Training

/// Tests with the images of `TestFolder.createImages`.
@Suite(.timeLimit(.minutes(5))) struct FashionMNISTTests {
  private let folder: TestFolder

  init() throws {
    folder = try TestFolder()
    try folder.createImages("train", count: 160)
    try folder.createImages("t10k", count: 33)
  }

  private func run(ranks: Int, _ more: String...) async throws -> ChildProcess.Result {
    try await ChildProcess.run(
      "lockstep",
      [
        "run", "--standalone", "--nproc-per-node", "\(ranks)",
        ChildProcess.product("fashion-mnist"), "--data", folder.path, "--batch-size", "8",
        "--epochs", "6", "--timeout", "60",
      ] + more)
  }

  @Test(arguments: [1, 3]) func trainingReachesFullAccuracy(ranks: Int) async throws {
    let result = try await run(ranks: ranks, "--report", folder.file("report.json"))
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains("epoch 6: average loss 0."))
    let data = try #require(folder.data("report.json"))
    let report = try JSONDecoder().decode(ClassificationReport.self, from: data)
    #expect(report.samples == 33)
    #expect(report.correctCount == 33)
    #expect(result.output.contains("accuracy 1.0000 of 33 samples"))
  }

  @Test func resumedRunEndsWithEqualWeights() async throws {
    func weights(_ result: ChildProcess.Result) -> Substring? {
      result.output.firstMatch(of: /weights: ([0-9a-f]+)/)?.1
    }
    let whole = try await run(ranks: 2)
    #expect(weights(whole) != nil, "\(whole.errors)")
    let snapshots = ["--snapshots", folder.file("snapshots")]
    let first = try ChildProcess(
      "lockstep",
      [
        "run", "--standalone", "--nproc-per-node", "2", ChildProcess.product("fashion-mnist"),
        "--data", folder.path, "--batch-size", "8", "--epochs", "6",
      ] + snapshots)
    try await value { first.output.contains("epoch 2: ") ? () : nil }
    first.send(SIGTERM)
    // The job may have completed before the signal.
    #expect([75, 0].contains(try await first.result().code), "\(first.errors)")
    let rest = try await run(ranks: 2, "--snapshots", folder.file("snapshots"))
    #expect(rest.code == 0, "\(rest.errors)")
    #expect(weights(rest) == weights(whole))
  }

  /// The signal arrives while the many test images are evaluated.
  @Test func signalDuringTheEvaluationStopsTheJob() async throws {
    try folder.createImages("t10k", count: 60_000)
    let job = try ChildProcess(
      "lockstep",
      [
        "run", "--standalone", "--nproc-per-node", "2", ChildProcess.product("fashion-mnist"),
        "--data", folder.path, "--batch-size", "1", "--epochs", "1", "--snapshots",
        folder.file("snapshots"),
      ])
    try await value { job.output.contains("epoch 1: ") ? () : nil }
    job.send(SIGTERM)
    let result = try await job.result()
    #expect(result.code == 75, "\(result.errors)")
    #expect(!result.output.contains("weights: "))
  }

  @Test func damagedImagesAreReported() async throws {
    try folder.create("t10k-labels-idx1-ubyte", "\0\0\u{8}\u{1}\0\0\0\u{1}\0")
    let result = try await run(ranks: 1)
    #expect(result.code == 1)
    #expect(result.errors.contains("the labels have the shape [1], but there are 33 images"))
  }

  @Test func missingImagesAreReported() async throws {
    let result = try await run(ranks: 2, "--data", "/no/such")
    #expect(result.code == 1)
    #expect(
      result.errors.contains("no folder '/no/such': Scripts/fetch-fashion-mnist downloads it"))
    let empty = try TestFolder()
    let files = try await run(ranks: 1, "--data", empty.path)
    #expect(files.errors.contains("/train-images-idx3-ubyte.gz: could not open the file"))
  }
}
