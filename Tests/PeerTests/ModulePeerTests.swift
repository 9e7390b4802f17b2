import Foundation
import ProcessHarness
import Testing

/// A part of `make test-modules`, which checks all samples.
@Suite(.enabled(if: Peers.areAvailable, Peers.missing)) struct ModulePeerTests {
  @Test func everyModuleHasPyTorchsInitialStateResultsAndGradients() async throws {
    let output = try await Peers.run(
      "modules.py", [ChildProcess.product("ModuleCalls"), "--samples", "4"])
    let lines = output.split(separator: "\n")
    print(lines.suffix(3).joined(separator: "\n"))
    let summary = try #require(lines.last)
    #expect(summary.contains("differs 0"), "\(output)")
    let covered = try #require(output.firstMatch(of: /module_db: entries \d+, covered (\d+)/)?.1)
    #expect(Int(covered) ?? 0 >= 66)
  }
}
