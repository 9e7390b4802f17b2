import Foundation
import ProcessHarness
import Testing

/// Real workers with a real group are killed.
@Suite(.serialized, .timeLimit(.minutes(10))) struct RecoveryTests {
  /// 20 trials: kills a random worker at a random time between startup and its last steps.
  @Test func jobWithAKilledWorkerCompletes() async throws {
    var random = SystemRandomNumberGenerator()
    for trial in 0..<20 {
      let job = try ChildProcess(
        "lockstep",
        [
          "run", "--standalone", "--nproc-per-node", "2", "--max-restarts", "20",
          ChildProcess.product("TestWorker"), "steps", "100", "5",
        ])
      let victim = Int.random(in: 0...1, using: &random)
      let delay = Int.random(in: 0...300, using: &random)
      let file = job.folder.file("pid.0.\(victim)")
      try await onThread {
        let pid = try firstLine(of: file, within: .seconds(20))
        usleep(UInt32(delay * 1000))
        kill(pid, SIGKILL)
      }
      let result = try await job.result()
      let comment: Comment =
        "trial \(trial), rank \(victim) killed after \(delay) ms: \(result.errors)"
      #expect(result.code == 0, comment)
      for rank in 0...1 {
        #expect(result.output.contains("rank \(rank) made 100 steps after 1 restarts"), comment)
      }
    }
  }

  @Test func noWorkerOutlivesAKilledLauncher() async throws {
    let job = try ChildProcess(
      "lockstep",
      [
        "run", "--standalone", "--nproc-per-node", "2", ChildProcess.product("TestWorker"),
        "steps", "100000", "5",
      ])
    let pids = try await value { () -> [pid_t]? in
      let pids = (0...1).compactMap { rank in
        job.folder.text("pid.0.\(rank)").flatMap { pid_t($0.dropLast()) }
      }
      return pids.count == 2 ? pids : nil
    }
    #expect(pids.allSatisfy(isAlive))
    job.send(SIGKILL)
    try await Task.sleep(for: .seconds(1))
    #expect(!pids.contains(where: isAlive), "no worker is alive one second later")
  }

  /// The Swift runtime's SIGQUIT handler would keep the workers running until `--shutdown-timeout`.
  @Test func quitSignalEndsSwiftWorkers() async throws {
    let job = try ChildProcess(
      "lockstep",
      [
        "run", "--standalone", "--nproc-per-node", "2", "--shutdown-timeout", "1000",
        ChildProcess.product("TestWorker"), "steps", "100000", "5",
      ])
    try await value { (0...1).allSatisfy { job.folder.text("steps.\($0)") != nil } ? () : nil }
    job.send(SIGQUIT)
    #expect(try await job.result().code == 128 + SIGQUIT)
  }

  @Test func trapIsReportedWithMessageAndLocation() async throws {
    let job = try ChildProcess(
      "lockstep",
      [
        "run", "--standalone", "--nproc-per-node", "2", ChildProcess.product("TestWorker"), "trap",
      ])
    let result = try await job.result()
    #expect([128 + SIGILL, 128 + SIGTRAP].contains(result.code))
    #expect(result.errors.contains("rank 1 was the first to fail"))
    #expect(
      result.errors.contains(
        /message   : .*Index out of range, at \/.+TestWorker\/main.swift:\d+\n/))
  }
}

/// Waits for the process id that a worker writes to a file.
private func firstLine(of path: String, within limit: Duration) throws -> pid_t {
  let end = ContinuousClock.now + limit
  while ContinuousClock.now < end {
    if let data = FileManager.default.contents(atPath: path), data.last == 10,
      let pid = pid_t(String(decoding: data.dropLast(), as: UTF8.self))
    {
      return pid
    }
    usleep(1000)
  }
  throw NeverHappened()
}
