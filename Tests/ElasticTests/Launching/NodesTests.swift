import Foundation
import ProcessHarness
import Testing

/// Jobs whose nodes are launchers on this machine, each with its own loopback address.
@Suite struct NodesTests {
  /// The launchers of one test, and a folder with marker files shared by their workers.
  final class Job {
    let shared: TestFolder
    let port: Int
    private let options: [String]
    private let rendezvous: [String]
    private let script: String

    /// Prepares a job.
    ///
    /// - Parameters:
    ///   - options: The options of all nodes.
    ///   - script: The worker's `sh` script, in which `say` prints the worker's ranks and
    ///     `wait_for NAME` waits for a marker file.
    ///   - rendezvous: The options that select the rendezvous; `nil` for a free local port.
    /// - Throws: Foundation's error if the folder cannot be created.
    init(_ options: [String], _ script: String, at rendezvous: [String]? = nil) throws {
      shared = try TestFolder()
      port = freePort()
      self.options = options
      self.rendezvous = rendezvous ?? ["--rdzv-endpoint=127.0.0.1:\(port)"]
      self.script = """
        say() {
          echo "rank=$RANK of $WORLD_SIZE node=$GROUP_RANK of $GROUP_WORLD_SIZE" \
            "restarts=$TORCHELASTIC_RESTART_COUNT $*"
        }
        wait_for() { while [ ! -e "$SHARED/$1" ]; do sleep 0.02; done; }
        \(script)
        """
    }

    /// Starts a node whose address is derived from `number`.
    func start(_ number: Int, _ more: [String] = []) throws -> Launcher {
      try Launcher(
        [
          "--nproc-per-node=1", "--rdzv-id=test", "--local-addr=127.0.0.\(number + 2)",
        ] + rendezvous + options + more + ["sh", "-c", script], environment: ["SHARED": shared.path]
      )
    }

    /// Creates a marker file.
    func mark(_ name: String) throws { try shared.create(name) }
  }

  /// Waits until the output of a node's workers contains a text.
  func waitForOutput(_ text: String, from launcher: Launcher) async throws {
    try await value { launcher.output.contains(text) ? () : nil }
  }

  let dynamic = ["--rdzv-backend=c10d", "--nnodes=2"]

  @Test(arguments: ["c10d", "static"])
  func twoNodesFormOneJob(backend: String) async throws {
    let job = try Job(["--nnodes=2", "--rdzv-backend=\(backend)"], "say $MASTER_ADDR")
    let nodes = try (0..<2).map { try job.start($0, ["--node-rank=\($0)"]) }
    for (rank, node) in nodes.enumerated() {
      let result = try await node.result()
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.output == "rank=\(rank) of 2 node=\(rank) of 2 restarts=0 127.0.0.2\n")
    }
  }

  @Test(arguments: [0, 1])
  func aFailureOnOneNodeRestartsBoth(failing: Int) async throws {
    let job = try Job(
      dynamic + ["--max-restarts=1"],
      """
      say
      if [ $TORCHELASTIC_RESTART_COUNT = 0 ]; then
        if [ $RANK = \(failing) ]; then exit 7; fi
        sleep 60
      fi
      """)
    let nodes = try (0..<2).map { try job.start($0) }
    for (rank, node) in nodes.enumerated() {
      let result = try await node.result()
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.output.contains("rank=\(rank) of 2 node=\(rank) of 2 restarts=1"))
    }
  }

  @Test(arguments: [0, 1])
  func allNodesReportTheRootCauseAndExitWithItsCode(failing: Int) async throws {
    let job = try Job(
      dynamic,
      """
      if [ $RANK = \(failing) ]; then echo the cause >&2; exit 42; fi
      trap 'echo stopping >&2; exit 9' TERM
      sleep 60 & wait
      """)
    let nodes = try (0..<2).map { try job.start($0) }
    for node in nodes {
      let result = try await node.result()
      #expect(result.code == 42)
      #expect(result.errors.contains("rank \(failing) was the first to fail"))
      #expect(result.errors.contains("  host      : \(ProcessInfo.processInfo.hostName)"))
      #expect(result.errors.contains("  ended by  : exit code 42"))
      #expect(result.errors.contains("| the cause"))
      #expect(result.errors.contains("  rank \(1 - failing) on "))
    }
  }

  @Test(arguments: [0, 1, 2])
  func theJobContinuesWithoutAKilledLauncher(killed: Int) async throws {
    let job = try Job(
      ["--rdzv-backend=c10d", "--nnodes=2:3"],
      "say; if [ $WORLD_SIZE = 3 ]; then sleep 60; fi")
    let nodes = try (0..<3).map { try job.start($0) }
    for (rank, node) in nodes.enumerated() {
      try await waitForOutput("rank=\(rank) of 3", from: node)
    }
    nodes[killed].send(SIGKILL)
    var ranks: Set<String> = []
    for (number, node) in nodes.enumerated() where number != killed {
      let result = try await node.result()
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.output.contains("of 2 node="), "\(result.errors)")
      #expect(result.output.contains("restarts=0"))
      ranks.insert(String(result.output.split(separator: "\n").last?.prefix(6) ?? ""))
    }
    #expect(ranks == ["rank=0", "rank=1"])
  }

  @Test func aNewNodeJoinsAndExistingRanksStay() async throws {
    let job = try Job(
      ["--rdzv-backend=c10d", "--nnodes=1:2", "--rdzv-conf=last_call_timeout=0.1"],
      "say; if [ $WORLD_SIZE = 1 ]; then sleep 60; fi")
    let first = try job.start(1)
    try await waitForOutput("rank=0 of 1", from: first)
    let second = try job.start(0)
    for (rank, node) in [first, second].enumerated() {
      let result = try await node.result()
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.output.hasSuffix("rank=\(rank) of 2 node=\(rank) of 2 restarts=0 \n"))
    }
  }

  @Test func aSuspendedLauncherIsDroppedAndRejoins() async throws {
    let job = try Job(
      ["--rdzv-backend=c10d", "--nnodes=2:3"], "say; wait_for end")
    let nodes = try (0..<3).map { try job.start($0) }
    for (rank, node) in nodes.enumerated() {
      try await waitForOutput("rank=\(rank) of 3", from: node)
    }
    nodes[1].send(SIGSTOP)
    try await waitForOutput("rank=0 of 2", from: nodes[0])
    try await waitForOutput("rank=1 of 2", from: nodes[2])
    nodes[1].send(SIGCONT)
    try await value { nodes[0].output.components(separatedBy: "of 3").count > 4 ? () : nil }
    try job.mark("end")
    for node in nodes {
      let result = try await node.result()
      #expect(result.code == 0, "\(result.errors)")
    }
  }

  @Test func theJobContinuesWithoutANodeThatIsTerminated() async throws {
    let job = try Job(
      ["--rdzv-backend=c10d", "--nnodes=1:2", "--rdzv-conf=last_call_timeout=5"],
      "say; if [ $WORLD_SIZE = 2 ]; then sleep 60; fi")
    let nodes = try (0..<2).map { try job.start($0) }
    for (rank, node) in nodes.enumerated() {
      try await waitForOutput("rank=\(rank) of 2", from: node)
    }
    nodes[1].send(SIGTERM)
    #expect(try await nodes[1].result().code == 128 + SIGTERM)
    let result = try await nodes[0].result()
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains("rank=0 of 1 node=0 of 1 restarts=0"))
  }

  @Test func aKilledHostIsReplacedAndRejoins() async throws {
    let job = try Job(
      ["--rdzv-backend=c10d", "--nnodes=2:3"], "say; wait_for end")
    let nodes = try (0..<3).map { try job.start($0) }
    for (rank, node) in nodes.enumerated() {
      try await waitForOutput("rank=\(rank) of 3", from: node)
    }
    let host = try await value { nodes[0].errors.contains("round 0") ? nodes[0] : nil }
    host.send(SIGKILL)
    for node in nodes[1...] { try await waitForOutput("of 2 node=", from: node) }
    let again = try job.start(0)
    try await waitForOutput("of 3 node=", from: again)
    try job.mark("end")
    for node in nodes[1...] + [again] {
      let result = try await node.result()
      #expect(result.code == 0, "\(result.errors)")
    }
  }

  @Test(arguments: [0, 1])
  func aProgramMissingOnOneNodeEndsTheJobOnBoth(missing: Int) async throws {
    let job = try Job(dynamic, "sleep 60")
    let nodes = try (0..<2).map { try job.start($0, $0 == missing ? ["/no/such/program"] : []) }
    for node in nodes {
      let result = try await node.result()
      #expect(result.code == 127)
      let message = "the program /no/such/program does not exist"
      #expect(result.errors.contains(message), "\(result.errors)")
    }
  }

  @Test func aNodeOfAnotherJobIsRejected() async throws {
    let job = try Job(dynamic, "wait_for end")
    let nodes = try (0..<2).map { try job.start($0) }
    for node in nodes {
      try await value { node.errors.contains("round 0") ? () : nil }
    }
    let otherJob = try await job.start(2, ["--rdzv-id=other"]).result()
    #expect(otherJob.code == 76)
    #expect(otherJob.errors.contains("belongs to another job, test"))
    let otherOptions = try await job.start(2, ["--nnodes=3"]).result()
    #expect(otherOptions.code == 76)
    #expect(otherOptions.errors.contains("has --nnodes 2:2, this node has 3:3"))
    try job.mark("end")
    for node in nodes { #expect(try await node.result().code == 0) }
  }
}
