import Collectives
import Foundation
import ProcessHarness
import Testing

/// Unmodified PyTorch scripts in a job of two nodes under `lockstep run`.
@Suite(.enabled(if: Peers.areAvailable, Peers.missing), .serialized) struct NodesPeerTests {
  /// Runs a script on both nodes until it exits.
  ///
  /// Both launchers run on this machine.
  private func run(_ script: String, _ arguments: String...) async throws -> [ChildProcess.Result] {
    // Finds a port that is free now.
    let server = try TCPStoreServer.start(host: "127.0.0.1", port: 0)
    let port = server.port
    server.close()
    let python = try #require(Peers.python)
    let nodes = try (0..<2).map { _ in
      try ChildProcess(
        "lockstep",
        [
          "run", "--nnodes=1:2", "--nproc-per-node=2", "--rdzv-backend=c10d", "--rdzv-id=peers",
          "--rdzv-endpoint=127.0.0.1:\(port)", Peers.program(script),
        ] + arguments, environment: ["PYTHON_EXEC": python])
    }
    var results: [ChildProcess.Result] = []
    for node in nodes { results.append(try await node.result()) }
    return results
  }

  @Test func unmodifiedScriptTrainsOnTwoNodes() async throws {
    let results = try await run("toy_ddp.py")
    for result in results { #expect(result.code == 0, "\(result.errors.suffix(3000))") }
    let output = results.map(\.output).joined()
    for rank in 0..<4 { #expect(output.contains("[rank \(rank)] step 4 loss")) }
  }

  @Test(arguments: [0, 3])
  func errorOfPythonsRecordIsReportedOnBothNodes(failing: Int) async throws {
    let results = try await run("record_error.py", "--rank", "\(failing)", "--message", "boom 17")
    for result in results {
      #expect(result.code == 1)
      #expect(result.errors.contains("rank \(failing) was the first to fail"))
      #expect(result.errors.contains("ValueError: boom 17"))
    }
  }
}
