import Collectives
import Foundation
import ProcessHarness
import Testing

/// The backend that the ranks of a job choose, tested with real processes.
@Suite struct BackendTests {
  /// Runs `TestWorker sum` on two ranks, each by a shell command that ends in `"$@"`.
  private func sums(
    _ commands: [String], environment: [String: String] = [:]
  ) async throws -> [ChildProcess.Result] {
    let server = try TCPStoreServer.start(host: "127.0.0.1", port: 0)
    defer { server.close() }
    let ranks = try commands.enumerated().map { rank, command in
      try ChildProcess(
        "/bin/sh", ["-c", command, "sh", ChildProcess.product("TestWorker"), "sum"],
        environment: [
          "RANK": "\(rank)", "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1",
          "MASTER_PORT": "\(server.port)", "TORCHELASTIC_USE_AGENT_STORE": "True",
        ].merging(environment) { $1 })
    }
    var results: [ChildProcess.Result] = []
    for rank in ranks { results.append(try await rank.result(within: .seconds(60))) }
    return results
  }

  private func expectSums(_ results: [ChildProcess.Result]) {
    for (rank, result) in results.enumerated() {
      #expect(
        result.output
          == "{\"rank\": \(rank), \"worldSize\": 2, \"sum\": [3.0, 6.0, 9.0, 12.0]}\n",
        "\(result.errors)")
    }
  }

  @Test(arguments: [("", "shm (all ranks on one host)"), ("gloo", "gloo (as requested)")])
  func environmentVariableSelectsTheBackend(backend: String, words: String) async throws {
    let run = "exec \"$@\""
    let results = try await sums([run, run], environment: ["LOCKSTEP_BACKEND": backend])
    expectSums(results)
    #expect(results[0].errors == "lockstep: 2 ranks over \(words)\n")
    #expect(results[1].errors == "")
  }

  @Test func invalidBackendIsReported() async throws {
    let results = try await sums(
      ["exec \"$@\"", "exec \"$@\""], environment: ["LOCKSTEP_BACKEND": "mpi"])
    for result in results {
      #expect(result.code == 1)
      #expect(
        result.errors.contains(
          "LOCKSTEP_BACKEND is \"mpi\": set it to one of shm, gloo, hierarchical, nccl, or unset it"
        ))
    }
  }

  @Test(arguments: ["shm", "gloo"])
  func flightRecordIsWrittenOnSignalAndOnFailure(backend: String) async throws {
    let server = try TCPStoreServer.start(host: "127.0.0.1", port: 0)
    defer { server.close() }
    let folder = try TestFolder()
    let ranks = try (0..<2).map { rank in
      try ChildProcess(
        "TestWorker", ["steps", "1000000", "2"],
        environment: [
          "RANK": "\(rank)", "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1",
          "MASTER_PORT": "\(server.port)", "TORCHELASTIC_USE_AGENT_STORE": "True",
          "LOCKSTEP_BACKEND": backend,
          "TORCH_FR_BUFFER_SIZE": "10", "TORCH_FR_DUMP_TEMP_FILE": folder.file("record"),
          "DIR": folder.path,
        ])
    }
    try await value { (folder.text("steps.1") ?? "").count > 500 ? () : nil }
    ranks[1].send(SIGUSR2)
    let asked = try await value { folder.data("record.json/1.json") }
    #expect(try Record(asked).states.count == 10)
    #expect(folder.data("record1")?.starts(with: [0x80, 2]) == true)
    let steps = folder.text("steps.1")?.count ?? 0
    try await value { (folder.text("steps.1") ?? "").count > steps ? () : nil }

    #expect(folder.data("record.json/0.json") == nil)
    ranks[1].send(SIGKILL)
    let failed = try await value { folder.data("record.json/0.json") }
    #expect(try Record(failed).states.last != "completed")
    #expect(try Record(failed).names.allSatisfy { $0.hasPrefix("\(backend):all_reduce") })
  }

  /// The parts of a flight record that a test checks.
  private struct Record {
    let states: [String]
    let names: [String]

    init(_ data: Data) throws {
      let record = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      let entries = try #require(record["entries"] as? [[String: Any]])
      states = entries.compactMap { $0["state"] as? String }
      names = entries.compactMap { $0["profiling_name"] as? String }
    }
  }

  /// Limits a rank's address space so that libtorch fits but the group's shared memory does not.
  @Test(arguments: [0, 1])
  func groupFallsBackToGlooIfARankCannotMapSharedMemory(rank: Int) async throws {
    var commands = ["exec \"$@\"", "exec \"$@\""]
    commands[rank] = "ulimit -v 12000000 && " + commands[rank]
    let results = try await sums(commands)
    expectSums(results)
    #expect(
      results[0].errors.hasPrefix(
        "lockstep: 2 ranks over gloo (the ranks cannot share memory: "), "\(results[0].errors)")
    #expect(results[0].errors.contains("MiB of shared memory"))
  }

  @Test(.enabled(if: TestNetwork.isAvailable, "needs root, for process namespaces"))
  func containersOnOneHostUseGloo() async throws {
    let contained = "exec unshare --pid --fork --mount-proc --kill-child \"$@\""
    let results = try await sums([contained, contained])
    expectSums(results)
    #expect(
      results[0].errors
        == "lockstep: 2 ranks over gloo (one rank per host: containers on one machine that do not "
        + "see each other's processes)\n")
  }
}
