import ProcessHarness
import Testing
import Torch

@Suite(.timeLimit(.minutes(5))) struct ResNetTests {
  private let folder: TestFolder

  init() throws {
    folder = try TestFolder()
    try folder.createImages("train", count: 160)
    try folder.createImages("t10k", count: 33)
  }

  private func run(ranks: Int?, _ more: String...) async throws -> ExampleRun {
    try await ExampleRun(
      "resnet",
      [
        "--data", folder.path, "--epochs", "4", "--batch-size", "8", "--channels", "8",
        "--log-every", "10",
      ] + more, ranks: ranks)
  }

  /// On two ranks one tests 17 of the 33 images and the other 16: an image that counted twice would
  /// raise the accuracy above 1.
  @Test(arguments: [nil, 2]) func learnsToClassifyTheImages(ranks: Int?) async throws {
    let run = try await run(ranks: ranks, "--save", folder.file("weights.pt"))
    #expect(run.result.code == 0, "\(run.result.errors)")
    let steps = 80 / (ranks ?? 1)
    let losses = run.values("step", "loss")
    #expect(losses.map(\.index) == Array(stride(from: 10, through: steps, by: 10)))
    #expect(try #require(losses.last).value < #require(losses.first).value / 2)
    let accuracies = run.values("epoch", "accuracy")
    #expect(accuracies.map(\.index) == [1, 2, 3, 4])
    #expect(accuracies.last?.value == 1)

    let weights = try PyTorchFile.readStateDict(path: folder.file("weights.pt"))
    #expect(weights["stages.1.shortcut.0.weight"]?.shape == [16, 8, 1, 1])
    #expect(weights["stem.1.num_batches_tracked"]?.item == Double(steps))
  }

  @Test func missingImagesAreReported() async throws {
    let run = try await run(ranks: nil, "--data", "/no/such")
    #expect(run.result.code == 1)
    #expect(run.result.errors.contains("/no/such/train-images-idx3-ubyte.gz"))
  }
}
