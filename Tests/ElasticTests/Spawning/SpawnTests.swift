import Elastic
import Foundation
import ProcessHarness
import Testing

@Suite(.timeLimit(.minutes(2))) struct SpawnTests {
  static func start(_ arguments: String..., environment: [String: String] = [:]) throws
    -> ChildProcess
  {
    try ChildProcess("TestSpawner", arguments, environment: environment)
  }

  static func run(
    _ arguments: String..., environment: [String: String] = [:]
  ) async throws -> ChildProcess.Result {
    try await ChildProcess.run("TestSpawner", arguments, environment: environment)
  }

  static let path = ChildProcess.product("TestSpawner")

  @Test(arguments: [1, 2, 5])
  func everyRankRunsTheBodyOnceWithTheSameArguments(count: Int) async throws {
    let result = try await Self.run("\(count)", "show", "a b", "${local_rank}", "", "--")
    #expect(result.code == 0)
    #expect(result.errors == "")
    let lines = result.output.split(separator: "\n")
    #expect(lines.last == "done")
    #expect(
      lines.dropLast().sorted()
        == (0..<count).map {
          "\($0) \($0) \(count) 1 \(Self.path)|\(count)|show|a b|${local_rank}||--|"
        })
  }

  @Test func nonUTF8ArgumentsAreForwarded() async throws {
    let result = try await ChildProcess.run(
      "/bin/bash", ["-c", "exec -a name \(Self.path) 1 show $'\\xff\\xfe'"])
    #expect(result.output == "0 0 1 1 name|1|show|??|\ndone\n")
  }

  @Test func ranksShareTheProcessorsByDefault() async throws {
    let unset = try await ChildProcess.run(
      "/bin/bash", ["-c", "unset OMP_NUM_THREADS; exec \(Self.path) 2 show"])
    let share = max(1, DeviceCount.processors / 2)
    #expect(unset.output.contains("0 0 2 \(share) "))
    let set = try await Self.run("2", "show", environment: ["OMP_NUM_THREADS": "7"])
    #expect(set.output.contains("0 0 2 7 "))
  }

  @Test(arguments: [0, 1, 2])
  func theProgramExitsWithTheCodeOfTheFailedRank(rank: Int) async throws {
    let result = try await Self.run("3", "exit", "\(rank)", "7")
    #expect(result.code == 7)
    #expect(result.errors.contains("TestSpawner FAILED: rank \(rank) was the first to fail"))
    #expect(result.errors.split(separator: "FAILED").count == 2, "expected one report")
    #expect(!result.output.contains("done"))
  }

  @Test func aThrownErrorIsReportedOnceWithExitCode1() async throws {
    let result = try await Self.run("2", "fail", "1")
    #expect(result.code == 1)
    #expect(result.errors.contains("  message   : Failure: Failure()\n"))
    #expect(result.errors.contains("rank 1 was the first to fail"))
    #expect(result.errors.contains(/rank 0 \(process \d+\): stopped by the launcher/))
  }

  /// Starts a job of two waiting ranks, and returns it with their process ids.
  func waiting() async throws -> (job: ChildProcess, pids: [pid_t]) {
    let job = try Self.start("2", "wait")
    var pids: [pid_t] = []
    for rank in 0...1 {
      pids.append(
        try await value { job.folder.text("pid.\(rank)").flatMap { pid_t($0.dropLast()) } })
    }
    return (job, pids)
  }

  @Test func aKilledRankEndsTheJobAndIsReported() async throws {
    let (job, pids) = try await waiting()
    kill(pids[1], SIGKILL)
    let result = try await job.result()
    #expect(result.code == 137)
    #expect(result.errors.contains("rank 1 was the first to fail"))
    #expect(result.errors.contains("SIGKILL (signal 9), sent from outside"))
    #expect(pids.filter(isAlive) == [])
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func aSignalStopsTheJobAndAllProcesses(signal: Int32) async throws {
    let (job, pids) = try await waiting()
    job.send(signal)
    let result = try await job.result()
    #expect(result.code == 128 + signal)
    #expect(result.errors.contains("stopped by"))
    #expect(pids.filter(isAlive) == [])
  }

  @Test func ranksDieWithinASecondOfAKilledParent() async throws {
    let (job, pids) = try await waiting()
    job.send(SIGKILL)
    _ = try await job.result()
    try await Task.sleep(for: .seconds(1))
    #expect(pids.filter(isAlive) == [])
  }

  @Test func linesAreForwardedAtOnce() async throws {
    let (job, _) = try await waiting()
    try await value { job.output.contains("rank 0 waits\n") ? () : nil }
    try await value { job.output.contains("rank 1 waits\n") ? () : nil }
    job.send(SIGTERM)
    _ = try await job.result()
  }

  @Test func signalHandlersAreRestoredAfterwards() async throws {
    let job = try Self.start("1", "after")
    _ = try await value { job.folder.text("after") }
    job.send(SIGTERM)
    #expect(try await job.result().code == 128 + SIGTERM)
  }

  @Test(arguments: 0..<5)
  func aProgramWithThreadsCanSpawnTwice(trial: Int) async throws {
    let result = try await Self.run("2", "twice")
    #expect(result.code == 0)
    let lines = result.output.split(separator: "\n")
    #expect(lines.prefix(2).sorted() == ["job 0 rank 0", "job 0 rank 1"])
    #expect(lines.dropFirst(2).sorted() == ["job 1 rank 0", "job 1 rank 1"])
  }

  @Test func otherChildrenOfTheProgramKeepRunning() async throws {
    let result = try await Self.run("2", "child")
    #expect(result.code == 0)
    #expect(result.output == "the child is running\n")
  }

  @Test func aProgramWhoseFileWasDeletedCanSpawn() async throws {
    let folder = try TestFolder()
    try FileManager.default.copyItem(atPath: Self.path, toPath: folder.file("program"))
    let job = try ChildProcess(
      folder.file("program"), ["2", "deleted", folder.file("program")], in: folder)
    let result = try await job.result()
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.split(separator: "\n").sorted() == ["rank 0", "rank 1"])
  }

  @Test func aRankCannotSpawn() async throws {
    let result = try await Self.run("1", "nested")
    #expect(result.code == 0)
    #expect(result.output.contains("a rank cannot call spawn"))
    #expect(result.output.contains("the program started by a rank exited with 1"))
    #expect(result.errors.contains("RANK is set"))
    #expect(!result.output.contains("must not run"))
  }

  @Test func spawnIsRejectedUnderALauncher() async throws {
    let result = try await ChildProcess.run(
      "lockstep", ["run", "--nproc-per-node", "1", Self.path, "2", "show"])
    #expect(result.code == 1)
    #expect(result.errors.contains("start it without a launcher"))
  }

  @Test func zeroProcessesAreRejected() async throws {
    let result = try await Self.run("0", "show")
    #expect(result.code == 1)
    #expect(result.errors.contains("a job needs at least 1 rank"))
  }
}
