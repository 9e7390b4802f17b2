import ProcessHarness
import Testing

/// Jobs on hosts with separate addresses, as in a cluster.
@Suite(
  .serialized, .timeLimit(.minutes(10)),
  .enabled(if: TestNetwork.isAvailable, "needs root and `ip`, for network namespaces"))
struct NetworkNodesTests {
  @Test(arguments: ["c10d", "static"])
  func fourHostsFineTuneBERTTogether(backend: String) async throws {
    let network = try TestNetwork(hostCount: 4)
    let job = try TinyJob()
    let nodes = try (0..<4).map { host in
      try network.start(
        on: host, "lockstep",
        [
          "run", "--nnodes=4", "--nproc-per-node=1", "--node-rank=\(host)", "--rdzv-id=job3",
          "--rdzv-backend=\(backend)", "--rdzv-endpoint=\(network.address(0)):29400",
          ChildProcess.product("finetune-bert"),
        ] + job.arguments(),
        // The hosts share a kernel, so the ranks would choose shared memory.
        environment: ["LOCKSTEP_BACKEND": "gloo"])
    }
    var results: [ChildProcess.Result] = []
    for node in nodes { results.append(try await node.result()) }
    for (host, result) in results.enumerated() {
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.errors.contains("round 0: node \(host) of 4, rank \(host) of 4"))
    }
    let output = results[0].output
    #expect(output.contains(/accuracy     [01]\.\d{4}: \d+ of 33 test reviews/), "\(output)")
    let weights = output.matches(of: /rank \d: ([0-9a-f]{16})/).map(\.1)
    #expect(weights.count == 4)
    #expect(Set(weights).count == 1)
    #expect(results[1...].allSatisfy { !$0.output.contains("accuracy") }, "only rank 0 reports")
  }
}
