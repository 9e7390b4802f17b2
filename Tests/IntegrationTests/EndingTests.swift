import DataLoading
import Foundation
import ProcessHarness
import Testing
import Torch
import Worker

/// How workers end, whom the launcher blames, and the exit codes of stopped jobs.
///
/// `Benchmarks/endings.py` counts more of the same.
@Suite(.serialized, .timeLimit(.minutes(10))) struct EndingTests {
  // MARK: Exits while loader threads work

  @Test(arguments: [
    ("return", 0), ("exit", 7), ("stop", 75), ("throw", 1), ("shape", 1), ("loader-shape", 1),
  ])
  func aProcessWhoseLoaderThreadsWorkEndsWithItsOwnCode(end: String, code: Int32) async throws {
    for trial in 0..<5 {
      let folder = try TestFolder()
      let job = try ChildProcess(
        "TestEnding", ["loaders", end],
        environment: ["TORCHELASTIC_ERROR_FILE": folder.file("error.json")], in: folder)
      let result = try await job.result()
      #expect(result.code == code, "trial \(trial): \(result.errors)")
      let record = try? ErrorRecord(contentsOfFile: folder.file("error.json"))
      switch end {
      case "throw": #expect(record?.message == "Ending: thrown while loading")
      case "shape": #expect(record?.message.contains("shapes cannot be multiplied") == true)
      case "loader-shape": #expect(record?.message.contains("aten::matmul") == true)
      default: #expect(record == nil)
      }
    }
  }

  @Test func aTestProcessMayExitWhileLoaderThreadsWork() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let loader = try DataLoader(
        InMemoryDataset(Array(0..<10_000)),
        batches: BatchSampler(SequentialSampler(count: 10_000), batchSize: 4), workers: 4,
        prefetch: 16
      ) { rows in
        var samples = Tensor.randn([rows.count, 32])
        for _ in 0..<50 { samples = samples + Tensor.randn([rows.count, 32]) }
        return samples
      }
      let batches = try loader.batches()
      for _ in 0..<5 { _ = try batches.next() }
      exit(7)
    }
  }

  // MARK: Root causes

  /// The ways in which a rank ends by itself, the job's exit codes (a trap is SIGILL or SIGTRAP),
  /// and a text of the report.
  static let ends: [(kind: String, codes: Set<Int32>, text: String)] = [
    ("exit", [3], "exit code 3"), ("slow-exit", [3], "exit code 3"), ("kill", [137], "SIGKILL"),
    ("trap", [132, 133], "Index out of range"), ("abort", [134], "SIGABRT"),
    ("throw", [1], "Ending: rank's own error"), ("memory", [1], "allocate"),
    ("unrecorded", [132, 133], "rank's own error"),
  ]

  /// Runs a job of `ranks` ranks on `nodes` nodes, whose rank `victim` ends by itself.
  ///
  /// Each node has one of the memory limits, if some are given.
  func results(
    _ kind: String, victim: Int, ranks: Int, nodes: Int, maxRestarts: Int = 0,
    limits: [MemoryLimit] = []
  ) async throws -> [ChildProcess.Result] {
    let port = freePort()
    let launchers = try (0..<nodes).map { node in
      let rendezvous =
        nodes == 1
        ? ["--standalone"]
        : [
          "--nnodes", "\(nodes)", "--node-rank", "\(node)", "--rdzv-endpoint",
          "127.0.0.1:\(port)", "--local-addr", "127.0.0.\(node + 2)",
        ]
      let arguments =
        ["run", "--nproc-per-node", "\(ranks / nodes)", "--max-restarts", "\(maxRestarts)"]
        + rendezvous + [ChildProcess.product("TestEnding"), "rank", kind, "\(victim)"]
      let environment = nodes == 1 ? [:] : ["LOCKSTEP_BACKEND": "gloo"]
      guard !limits.isEmpty else {
        return try ChildProcess("lockstep", arguments, environment: environment)
      }
      return try limits[node].start("lockstep", arguments, environment: environment)
    }
    var results: [ChildProcess.Result] = []
    for launcher in launchers { results.append(try await launcher.result()) }
    return results
  }

  @Test(arguments: ends.indices, [(2, 1), (4, 1), (2, 2)])
  func theRankThatEndedByItselfIsReported(end: Int, size: (ranks: Int, nodes: Int)) async throws {
    let end = Self.ends[end]
    let victim = Int.random(in: 0..<size.ranks)
    for result in try await results(
      end.kind, victim: victim, ranks: size.ranks, nodes: size.nodes)
    {
      let comment: Comment = "rank \(victim): \(result.errors)"
      #expect(end.codes.contains(result.code), comment)
      #expect(result.errors.contains("FAILED: rank \(victim) was the first to fail"), comment)
      #expect(result.errors.contains(end.text), comment)
    }
  }

  /// The kernel kills the rank at the memory limit of its node.
  @Test(
    .enabled(if: MemoryLimit.isAvailable, "needs root and control groups"),
    arguments: [(2, 1, 0), (4, 1, 1), (2, 2, 1), (4, 2, 0)])
  func theRankThatRanOutOfMemoryIsReported(ranks: Int, nodes: Int, restarts: Int) async throws {
    let victim = Int.random(in: 0..<ranks)
    let limits = try (0..<nodes).map { _ in try MemoryLimit(byteCount: 2 << 30) }
    let results = try await results(
      "oom", victim: victim, ranks: ranks, nodes: nodes, maxRestarts: restarts, limits: limits)
    for result in results {
      let comment: Comment = "rank \(victim): \(result.errors)"
      #expect(result.code == (restarts == 0 ? 137 : 0), comment)
      #expect(result.errors.contains("because memory ran out"), comment)
      #expect(
        result.errors.contains(
          restarts == 0 ? "FAILED: rank \(victim) was the first" : "because rank \(victim) "),
        comment)
    }
  }

  @Test(arguments: ["exit", "trap", "kill", "throw"], [1, 2])
  func theRestartNamesTheSameRankAsTheReport(kind: String, nodes: Int) async throws {
    let victim = Int.random(in: 0...1)
    for result in try await results(
      kind, victim: victim, ranks: 2, nodes: nodes, maxRestarts: 1)
    {
      #expect(result.code == 0, "\(result.errors)")
      let line = result.errors.split(separator: "\n").first { $0.contains("restart 1 of 1") } ?? ""
      #expect(line.contains("because rank \(victim) "), "\(result.errors)")
    }
  }

  @Test(arguments: [1, 2])
  func aRankThatReturnsEarlyIsReported(nodes: Int) async throws {
    for result in try await results("return", victim: 1, ranks: 2, nodes: nodes) {
      #expect(result.code == 1, "\(result.errors)")
      #expect(
        result.errors.contains("FAILED: rank 1 ended while other ranks still needed it"),
        "\(result.errors)")
    }
  }

  /// The backtrace of a program with libtorch takes a second or more.
  @Test func aRestartDoesNotWaitForTheBacktrace() async throws {
    let job = try ChildProcess(
      "lockstep",
      [
        "run", "--standalone", "--nproc-per-node", "2", "--max-restarts", "1",
        ChildProcess.product("TestEnding"), "rank", "trap", "1",
      ])
    let result = try await job.result()
    #expect(result.code == 0, "\(result.errors)")
    let lines = result.errors.split(separator: "\n")
    let restart = try #require(lines.firstIndex { $0.contains("restart 1 of 1") })
    #expect(lines[restart].contains("because rank 1 failed: Swift"))
    if let backtrace = lines.firstIndex(where: { $0.contains("Program crashed") }) {
      #expect(restart < backtrace, "the backtrace follows the restart: \(result.errors)")
    }
  }

  // MARK: Stops

  @Test(arguments: ["sh", "bash"])
  func aStopCodeThatNobodyRequestedIsAFailure(shell: String) async throws {
    for workers in [1, 3] {
      let result = try await ChildProcess.run(
        "lockstep",
        [
          "run", "--nproc-per-node", "\(workers)", shell, "-c",
          "[ $RANK != 0 ] || exit 75; sleep 60",
        ])
      #expect(result.code == 1)
      #expect(result.errors.contains("exited with code 75"), "\(result.errors)")
      #expect(result.errors.contains("no stop was requested"))
      #expect(!result.errors.contains("saved") && !result.errors.contains("resume;"))
    }
  }

  @Test func aRankThatExitsWithTheStopCodeIsTheCauseOfItsPeersErrors() async throws {
    for result in try await results("exit-75", victim: 1, ranks: 2, nodes: 1) {
      #expect(result.code == 1, "\(result.errors)")
      #expect(result.errors.contains("FAILED: rank 1 was the first to fail"), "\(result.errors)")
      #expect(result.errors.contains("exit code 75, the code of a requested stop, but no stop"))
    }
  }

  /// Batch systems signal launchers and workers, at slightly different times and repeatedly.
  @Test(arguments: 1...2, [SIGTERM, SIGUSR1])
  func repeatedSignalsDoNotChangeTheCodeOfAStop(nodes: Int, signal: Int32) async throws {
    for trial in 0..<3 {
      let port = freePort()
      let launchers = try (0..<nodes).map { node in
        try ChildProcess(
          "lockstep",
          ["run", "--nproc-per-node", "2"]
            + (nodes == 1
              ? ["--standalone"]
              : [
                "--nnodes", "\(nodes)", "--node-rank", "\(node)", "--rdzv-endpoint",
                "127.0.0.1:\(port)", "--local-addr", "127.0.0.\(node + 2)",
              ])
            + [ChildProcess.product("TestEnding"), "steps", "100000", "2"])
      }
      try await value { launchers.contains { $0.output.contains("running") } ? () : nil }
      // The first signals reach only some of the processes.
      var workers: [pid_t] = []
      for launcher in launchers { workers += launcher.children(named: "TestEnding") }
      launchers[trial % nodes].send(signal)
      for _ in 0..<40 {
        try await Task.sleep(for: .milliseconds(Int.random(in: 1...20)))
        for launcher in launchers where launcher.isRunning { launcher.send(SIGTERM) }
        for worker in workers where isAlive(worker) { kill(worker, SIGTERM) }
      }
      for launcher in launchers {
        let result = try await launcher.result()
        #expect(result.code == 75, "trial \(trial): \(result.errors)")
      }
    }
  }
}
