import Collectives
import ProcessHarness
import RankHarness
import Testing
import Torch
import Training

/// Training in bfloat16 and float16 with given batches and weights, without dropout.
@Suite(.enabled(if: Peers.areAvailable, Peers.missing), .serialized) struct PrecisionPeerTests {
  private struct Answer: Decodable {
    /// The losses of all ranks, per step.
    var losses: [[Double]]
    /// The gradient scaler's scale after each step; float16 only.
    var scales: [Double]?
  }

  /// A data type, sizes small enough for CPUs without native arithmetic, and the tolerance.
  ///
  /// The tolerance is the largest relative difference of losses. The rounding error is 2⁻⁹ in
  /// bfloat16 and 2⁻¹² in float16. Measured: 2.7e-4 and 1.2e-4.
  struct Case: CustomTestStringConvertible {
    var precision: Precision
    var batchSize: Int
    var maxLength: Int
    var tolerance: Double
    var testDescription: String { precision.rawValue }
  }

  @Test(arguments: [
    Case(precision: .bfloat16, batchSize: 4, maxLength: 32, tolerance: 2e-3),
    Case(precision: .float16, batchSize: 2, maxLength: 16, tolerance: 1e-3),
  ])
  func thirtyLossesFollowPyTorchs(_ test: Case) async throws {
    let folder = try TestFolder()
    _ = try await Peers.run(
      "batches.py",
      [
        "--model", Peers.model, "--csv", Peers.trainCSV, "--output", folder.path, "--steps", "30",
        "--ranks", "2", "--batch-size", "\(test.batchSize)", "--max-length", "\(test.maxLength)",
      ])
    // The initial scale is too large, so steps are skipped, and it grows again within 30 steps.
    let mixed = MixedPrecision(
      test.precision, scaler: GradientScaler.State(scale: 0x1p24, growthInterval: 5))
    func answer(_ precision: Precision) async throws -> Answer {
      let file = folder.file("\(precision.rawValue).json")
      _ = try await Peers.output(
        Peers.torchrun,
        [
          "--standalone", "--nproc-per-node", "2", Peers.program("losses.py"), "--model",
          folder.file("model"), "--batches", folder.file("batches.safetensors"), "--output", file,
          "--precision", precision.rawValue, "--max-grad-norm", "1", "--init-scale",
          "\(mixed.scaler.scale)", "--growth-interval", "\(mixed.scaler.growthInterval)",
        ])
      return try Peers.decode(Answer.self, folder.text("\(precision.rawValue).json") ?? "")
    }
    let wanted = try await answer(test.precision)
    let inFloat32 = try await answer(.float32)
    try #require(wanted.losses.count == 30)

    let path = folder.path
    let ours = try onRanks(2, timeout: .seconds(300)) { group in
      try train(folder: path, rank: group.rank, group: group, mixed)
    }
    #expect(ours[0].weights == ours[1].weights, "replicas are equal to the bit")
    func largestDifference(_ losses: [[Double]]) -> Double {
      let pairs = losses.enumerated().flatMap { step, row in
        row.enumerated().map { rank, loss in abs(ours[rank].losses[step] - loss) / loss }
      }
      return pairs.max() ?? .infinity
    }
    let difference = largestDifference(wanted.losses)
    let fromFloat32 = largestDifference(inFloat32.losses)
    print(
      "\(test.precision.rawValue): largest relative difference of 30 losses from PyTorch's: "
        + "\(difference), from its fp32: \(fromFloat32)")
    #expect(difference <= test.tolerance)
    #expect(fromFloat32 > 1e-6, "the precision has an effect")

    guard test.precision == .float16 else { return }
    let scales = try #require(wanted.scales)
    print("scales: \(scales)")
    #expect(ours[0].scales == scales)
    #expect(ours[0].scales == ours[1].scales)
    #expect(zip(scales, scales.dropFirst()).contains { $0 > $1 }, "some steps were skipped")
    #expect(zip(scales, scales.dropFirst()).contains { $0 < $1 }, "the scale grew")
  }
}
