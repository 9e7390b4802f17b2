import Collectives
import Foundation
import ProcessHarness
import Testing

/// Jobs with Swift and Python workers.
@Suite(.enabled(if: Peers.areAvailable, Peers.missing), .serialized) struct MixedJobPeerTests {
  private struct Sum: Decodable {
    var rank: Int
    var worldSize: Int
    var sum: [Float]
  }

  /// (1 + 2) * [1, 2, 3, 4], from both ranks.
  private func expectSums(_ output: String) throws {
    let sums = try output.split(separator: "\n").compactMap { line in
      try line.firstIndex(of: "{").map { try Peers.decode(Sum.self, line[$0...]) }
    }
    #expect(sums.map(\.rank).sorted() == [0, 1])
    for sum in sums {
      #expect(sum.worldSize == 2)
      #expect(sum.sum == [3, 6, 9, 12])
    }
  }

  @Test(arguments: [0, 1])
  func swiftAndPythonFormOneGroupThroughASwiftStore(pythonRank: Int) async throws {
    let server = try TCPStoreServer.start(host: "127.0.0.1", port: 0)
    defer { server.close() }
    async let python = Peers.run(
      "gloo_rank.py",
      ["--rank", "\(pythonRank)", "--port", "\(server.port)", "--no-host"])
    async let swift = Peers.output(
      "TestWorker", ["sum"],
      environment: workerEnvironment(
        rank: 1 - pythonRank, port: server.port, usesAgentStore: true))
    try expectSums(try await python + "\n" + (try await swift))
  }

  @Test(arguments: [0, 1])
  func swiftAndPythonFormOneGroupThroughRankZerosStore(pythonRank: Int) async throws {
    // Finds a port that is free now.
    let server = try TCPStoreServer.start(host: "127.0.0.1", port: 0)
    let port = server.port
    server.close()
    async let python = Peers.run("gloo_rank.py", ["--rank", "\(pythonRank)", "--port", "\(port)"])
    async let swift = Peers.output(
      "TestWorker", ["sum"],
      environment: workerEnvironment(rank: 1 - pythonRank, port: port, usesAgentStore: false))
    try expectSums(try await python + "\n" + (try await swift))
  }

  private func workerEnvironment(rank: Int, port: Int, usesAgentStore: Bool) -> [String: String] {
    [
      "RANK": "\(rank)", "WORLD_SIZE": "2", "LOCAL_RANK": "\(rank)", "LOCAL_WORLD_SIZE": "2",
      "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "\(port)",
      "TORCHELASTIC_USE_AGENT_STORE": usesAgentStore ? "True" : "False",
    ]
  }

  @Test func torchrunStartsASwiftWorker() async throws {
    let output = try await Peers.output(
      Peers.torchrun,
      [
        "--standalone", "--no-python", "--nproc-per-node", "2",
        ChildProcess.product("TestWorker"), "sum",
      ])
    try expectSums(output)
  }

  @Test func lockstepRunStartsAnUnmodifiedPyTorchScript() async throws {
    let output = try await lockstepRun("toy_ddp.py")
    for rank in 0...1 { #expect(output.contains("[rank \(rank)] step 4 loss")) }
  }

  @Test func lockstepRunReportsTheErrorOfPythonsRecord() async throws {
    let result = try await ChildProcess.run(
      "lockstep",
      [
        "run", "--standalone", "--nproc-per-node", "2", Peers.program("record_error.py"),
        "--message", "boom 17",
      ],
      environment: ["PYTHON_EXEC": try #require(Peers.python)])
    #expect(result.code == 1)
    #expect(result.errors.contains("rank 1 was the first to fail"))
    #expect(result.errors.contains("ValueError: boom 17"))
  }

  private func lockstepRun(_ program: String) async throws -> String {
    try await Peers.output(
      "lockstep",
      ["run", "--standalone", "--nproc-per-node", "2", Peers.program(program)],
      environment: ["PYTHON_EXEC": try #require(Peers.python)])
  }
}
