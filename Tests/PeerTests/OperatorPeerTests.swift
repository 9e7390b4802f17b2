import Foundation
import ProcessHarness
import Testing

/// A part of `make test-operators`, which checks all samples of all types.
@Suite(.enabled(if: Peers.areAvailable, Peers.missing)) struct OperatorPeerTests {
  @Test func everyFifthEntryOfPyTorchsSampleInputsHasPyTorchsValues() async throws {
    let output = try await Peers.run(
      "operators.py",
      [ChildProcess.product("OperatorCalls"), "--every", "5", "--samples", "2"])
    let summary = try #require(output.split(separator: "\n").last)
    print(summary)
    let covered = try #require(summary.firstMatch(of: /covered (\d+)/)?.output.1)
    #expect(Int(covered) ?? 0 >= 90)
    #expect(!output.contains("differs: "), "\(output)")
  }
}
