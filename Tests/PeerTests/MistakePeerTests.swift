import Foundation
import RankHarness
import Testing

/// What PyTorch's DistributedDataParallel says to the mistakes that DataParallelTests makes with ours.
///
/// There every rank says it at once, with names. Of PyTorch's ranks some do, and the others wait until their
/// time limit.
@Suite(.enabled(if: Peers.areThere, Peers.absent)) struct MistakePeerTests {
  /// The ranks whose error is about the mistake, and what it says.
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

  @Test func pyTorchLeavesSomeRanksWaiting() async throws {
    let output = try await Peers.output(
      Peers.torchrun,
      ["--standalone", "--nproc-per-node", "2", Peers.program("ddp_mistakes.py")]
        + Mistake.allCases.map(\.rawValue), environment: ["OMP_NUM_THREADS": "1"],
      within: .seconds(300))
    let answers = try Peers.decode(
      [String: [[String]?]].self, try #require(output.split(separator: "\n").last))
    for mistake in Mistake.allCases {
      let said = try #require(answers[mistake.rawValue])
      let (ranks, words) = expected(mistake)
      for (rank, error) in said.enumerated() {
        // Over Gloo a wait ends at the limit, or when the other rank's has.
        let wanted = ranks.contains(rank) ? words : "gloo/transport"
        #expect(error?[1].contains(wanted) == true, "\(mistake), rank \(rank): \(error ?? [])")
      }
    }
  }
}
