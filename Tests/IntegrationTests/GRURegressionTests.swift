import ProcessHarness
import Testing
import Torch

@Suite(.timeLimit(.minutes(5))) struct GRURegressionTests {
  private func run(ranks: Int?, _ more: String...) async throws -> ExampleRun {
    try await ExampleRun(
      "gru-regression",
      [
        "--length", "600", "--window", "16", "--batch-size", "8", "--hidden-size", "16",
        "--log-every", "20",
      ] + more, ranks: ranks)
  }

  /// The noise has the variance 0.01, which no prediction can undercut by much.
  @Test(arguments: [nil, 2]) func predictsTheSeriesUpToItsNoise(ranks: Int?) async throws {
    let folder = try TestFolder()
    let run = try await run(ranks: ranks, "--save", folder.file("weights.pt"))
    #expect(run.result.code == 0, "\(run.result.errors)")
    let losses = run.values("step", "loss").map(\.value)
    #expect(try #require(losses.last) < #require(losses.first) / 4)
    let epochs = run.values("epoch", "validation loss")
    let best = try #require(epochs.min { $0.value < $1.value })
    #expect((0.005..<0.04).contains(best.value), "\(epochs)")
    let line = "best epoch \(best.index)  validation loss \(best.value)"
    #expect(run.result.output.contains(line))
    let weights = try PyTorchFile.readStateDict(path: folder.file("weights.pt"))
    #expect(weights["gru.weight_hh_l0"]?.shape == [48, 16])
  }

  /// At a learning rate of 0 no epoch is better than the first.
  @Test func allRanksStopAfterTheSameEpoch() async throws {
    var losses: [Double] = []
    for ranks in [nil, 2, 3] as [Int?] {
      let run = try await run(ranks: ranks, "--learning-rate", "0", "--patience", "2")
      #expect(run.result.code == 0, "\(run.result.errors)")
      let epochs = run.values("epoch", "validation loss")
      #expect(epochs.map(\.index) == [1, 2, 3])
      #expect(run.result.output.contains("stopped: no better validation loss for 2 epochs"))
      losses += epochs.map(\.value)
    }
    // The same weights have the same loss, whatever part of the windows each rank predicts.
    let first = try #require(losses.first)
    #expect(losses.count == 9)
    #expect(losses.allSatisfy { abs($0 - first) < 1e-5 * first }, "\(losses)")
  }

  @Test func aShortSeriesIsReported() async throws {
    let run = try await run(ranks: nil, "--length", "70")
    #expect(run.result.code == 1)
    #expect(run.result.errors.contains("--length is too small for the window and the batch"))
  }
}
