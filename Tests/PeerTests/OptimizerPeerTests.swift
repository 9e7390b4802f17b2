import ProcessHarness
import Testing

/// A part of `make test-optimizers`, which takes more steps.
@Suite(.enabled(if: Peers.areAvailable, Peers.missing)) struct OptimizerPeerTests {
  @Test func optimizersAndSchedulesHavePyTorchsValues() async throws {
    let output = try await Peers.run(
      "optimizers.py", [ChildProcess.product("OptimizerCalls"), "--steps", "4"])
    print(output.split(separator: "\n").suffix(3).joined(separator: "\n"))
    let equal = try #require(output.firstMatch(of: /configurations: close \d+, equal (\d+)/))
    #expect(Int(equal.output.1) ?? 0 >= 80)
    let rates = try #require(output.firstMatch(of: /schedules (\d+), configurations: equal (\d+)/))
    #expect(Int(rates.output.1) ?? 0 >= 26)
    #expect(Int(rates.output.2) ?? 0 >= 48)
  }
}
