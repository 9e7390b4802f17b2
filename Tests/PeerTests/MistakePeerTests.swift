import Foundation
import RankHarness
import Testing

/// How PyTorch's DistributedDataParallel reports the mistakes of DataParallelTests.
///
/// With Lockstep every rank reports a mistake at once, with parameter names. With PyTorch some
/// ranks do, and the others wait until they time out.
@Suite(.enabled(if: Peers.areAvailable, Peers.missing)) struct MistakePeerTests {
  /// The ranks that report the mistake, and the words of their error.
  private func expected(_ mistake: Mistake) -> (ranks: [Int], words: String) {
    switch mistake {
    case .nothingToTrain: ([0, 1], "is not needed when a module doesn't have any parameter")
    case .twoHooks: ([0, 1], "can only be called once")
    case .anotherShape: ([1], "appears not to match sizes of the same param in process 0")
    case .moreParameters: ([0, 1], "DDP expects same model across all ranks")
    case .leavesParametersOut, .usesLessOfAStaticGraph:
      ([1], "Expected to have finished reduction in the prior iteration")
    case .usesAParameterTwice: ([1], "Expected to mark a variable ready only once")
    case .usesMoreOfAStaticGraph: ([1], "Your training graph has changed in this iteration")
    case .noGradient: ([], "")
    }
  }

  @Test func pyTorchLetsSomeRanksTimeOut() async throws {
    let output = try await Peers.output(
      Peers.torchrun,
      ["--standalone", "--nproc-per-node", "2", Peers.program("ddp_mistakes.py")]
        + Mistake.allCases.map(\.rawValue), environment: ["OMP_NUM_THREADS": "1"],
      within: .seconds(300))
    let answers = try Peers.decode(
      [String: [[String]?]].self, try #require(output.split(separator: "\n").last))
    for mistake in Mistake.allCases {
      let errors = try #require(answers[mistake.rawValue])
      let (ranks, words) = expected(mistake)
      for (rank, error) in errors.enumerated() {
        // Over Gloo a wait ends when it times out, or when the other rank's wait does.
        let wanted = ranks.contains(rank) ? words : "gloo/transport"
        #expect(error?[1].contains(wanted) == true, "\(mistake), rank \(rank): \(error ?? [])")
      }
    }
  }
}
