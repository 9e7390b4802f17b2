import Foundation
import Glibc
import ProcessHarness
import Testing

/// Jobs whose nodes find the host through a registry: a shared file or etcd.
@Suite struct RegistryNodesTests {
  /// The registry of a test, whose folder or server exists as long as this value.
  enum TestRegistry {
    case file(TestFolder)
    case etcd(EtcdServer)

    static func create(_ kind: String) async throws -> TestRegistry {
      kind == "file" ? .file(try TestFolder()) : .etcd(try await EtcdServer())
    }

    var options: [String] {
      switch self {
      case .file(let folder):
        [
          "--rdzv-backend=c10d", "--rdzv-conf=store_type=file,last_call_timeout=0.1",
          "--rdzv-endpoint=\(folder.file("registry"))",
        ]
      case .etcd(let etcd):
        [
          "--rdzv-backend=etcd", "--rdzv-conf=last_call_timeout=0.1",
          "--rdzv-endpoint=127.0.0.1:\(etcd.port)",
        ]
      }
    }
  }

  /// The available kinds of registry; etcd only if it is installed.
  static let kinds = EtcdServer.program == nil ? ["file"] : ["file", "etcd"]

  let nodes = NodesTests()

  func job(
    _ registry: TestRegistry, _ options: [String], _ script: String
  ) throws -> NodesTests.Job {
    try NodesTests.Job(options, script, at: registry.options)
  }

  @Test(arguments: kinds)
  func nodesFormAJobAndTheRegistryIsEmptyAfterwards(kind: String) async throws {
    let registry = try await TestRegistry.create(kind)
    for _ in 0..<2 {
      let job = try job(registry, ["--nnodes=3"], "say")
      let nodes = try (0..<3).map { try job.start($0) }
      for (rank, node) in nodes.enumerated() {
        let result = try await node.result()
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output == "rank=\(rank) of 3 node=\(rank) of 3 restarts=0 \n")
        #expect(!result.errors.contains("ERROR"), "\(result.errors)")
      }
      #expect(nodes.filter { $0.errors.contains("now hosts the rendezvous") }.count == 1)
    }
  }

  @Test(arguments: kinds) func aKilledHostIsReplacedAtOnceAndRejoins(kind: String) async throws {
    let registry = try await TestRegistry.create(kind)
    let job = try job(registry, ["--nnodes=1:2"], "say; wait_for end")
    let first = try job.start(0)
    try await nodes.waitForOutput("rank=0 of 1", from: first)
    let second = try job.start(1)
    try await nodes.waitForOutput("rank=1 of 2", from: second)
    first.send(SIGKILL)
    try await nodes.waitForOutput("rank=0 of 1", from: second)
    let again = try job.start(0)
    try await nodes.waitForOutput("rank=1 of 2", from: again)
    try job.mark("end")
    for node in [second, again] {
      let result = try await node.result()
      #expect(result.code == 0, "\(result.errors)")
    }
  }

  /// With a registry, half of a job can continue without the other half; no majority is needed.
  @Test func aSuspendedHostOfTwoNodesIsReplacedAndStepsDown() async throws {
    let registry = try await TestRegistry.create("file")
    let job = try job(registry, ["--nnodes=1:2"], "say; wait_for end")
    let first = try job.start(0)
    try await nodes.waitForOutput("rank=0 of 1", from: first)
    let second = try job.start(1)
    try await nodes.waitForOutput("rank=1 of 2", from: second)
    first.send(SIGSTOP)
    try await nodes.waitForOutput("rank=0 of 1", from: second)
    first.send(SIGCONT)
    try await value { first.output.components(separatedBy: "of 2").count > 4 ? () : nil }
    try job.mark("end")
    for node in [first, second] {
      let result = try await node.result()
      #expect(result.code == 0, "\(result.errors)")
    }
  }

  @Test func anUnreachableEtcdIsReportedWithTheAttempts() async throws {
    let folder = try TestFolder()
    let result = try await Launcher.run(
      "--nnodes=2", "--rdzv-id=job7", "--rdzv-backend=etcd", "--rdzv-endpoint=127.0.0.1:1",
      "--rdzv-conf=join_timeout=0.5", "--event-log-handler", folder.file("events"), "true")
    #expect(result.code == 69)
    let last = folder.text("events")?.split(separator: "\n").last
    #expect(last?.contains("torchelastic.worker.status.FAILED") == true, "\(last ?? "no event")")
    #expect(
      result.errors.contains(
        "cannot reach the rendezvous of job job7 through etcd at 127.0.0.1:1 (Connection refused; "
          + "tried "))
  }

  @Test func aRegistryFileWithOtherContentIsNotModified() async throws {
    let folder = try TestFolder()
    try folder.create("registry", "some text that is longer than a record's lengths")
    let result = try await Launcher.run(
      "--nnodes=2", "--rdzv-backend=c10d", "--rdzv-conf=store_type=file",
      "--rdzv-endpoint=\(folder.file("registry"))", "true")
    #expect(result.code == 71)
    #expect(result.errors.contains("is not a FileStore's file"))
  }
}
