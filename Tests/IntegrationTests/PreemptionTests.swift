import Foundation
import ProcessHarness
import Testing

/// Stop requests to real workers.
@Suite(.timeLimit(.minutes(10))) struct PreemptionTests {
  func start(_ options: String...) throws -> ChildProcess {
    try ChildProcess(
      "lockstep",
      ["run", "--standalone", "--nproc-per-node", "3"] + options + [
        ChildProcess.product("TestWorker"), "preempt", "100000", "2",
      ])
  }

  func number(_ job: ChildProcess, _ name: String, _ rank: Int) -> Int? {
    job.folder.text("\(name).\(rank)").flatMap { Int($0.dropLast()) }
  }

  @Test(arguments: [SIGTERM, SIGUSR1])
  func signalToTheLauncherStopsAllRanksAfterTheSameStep(signal: Int32) async throws {
    let job = try start("--max-restarts", "3")
    for rank in 0..<3 { _ = try await value { number(job, "pid", rank) } }
    try await Task.sleep(for: .milliseconds(.random(in: 0...200)))
    job.send(signal)
    let result = try await job.result()
    #expect(result.code == 75, "\(result.errors)")
    let steps = (0..<3).map { number(job, "saved", $0) }
    #expect(steps[0] != nil)
    #expect(Set(steps).count == 1)
  }

  /// Batch systems may signal hosts and processes at different times, or only some of them.
  @Test(arguments: 0..<3, [SIGTERM, SIGUSR1])
  func signalToOneRankStopsAllRanksAfterTheSameStep(rank: Int, signal: Int32) async throws {
    let job = try start("--max-restarts", "3")
    var pids: [Int] = []
    for rank in 0..<3 { pids.append(try await value { number(job, "pid", rank) }) }
    try await Task.sleep(for: .milliseconds(.random(in: 0...200)))
    kill(pid_t(pids[rank]), signal)
    let result = try await job.result()
    #expect(result.code == 75, "\(result.errors)")
    let steps = (0..<3).map { number(job, "saved", $0) }
    #expect(steps[0] != nil)
    #expect(Set(steps).count == 1)
  }

  @Test func killedRankIsAFailureAndTheJobRestarts() async throws {
    let job = try start("--max-restarts", "1")
    var pids: [Int] = []
    for rank in 0..<3 { pids.append(try await value { number(job, "pid", rank) }) }
    kill(pid_t(pids[1]), SIGKILL)
    let next = try await value { number(job, "pid", 1).flatMap { $0 == pids[1] ? nil : $0 } }
    kill(pid_t(next), SIGTERM)
    let result = try await job.result()
    #expect(result.code == 75, "\(result.errors)")
    #expect(result.errors.contains("restart 1 of 1"))
  }
}
