import Foundation
import ProcessHarness
import Testing

/// Real workers with a real group, killed for real.
@Suite(.serialized, .timeLimit(.minutes(10))) struct RecoveryTests {
  /// 20 times: a random worker, at a random moment, from before its group is formed to its last steps.
  @Test func aJobWhoseWorkerIsKilledFinishes() async throws {
    var random = SystemRandomNumberGenerator()
    for trial in 0..<20 {
      let job = try ChildProcess(
        "lockstep",
        [
          "run", "--standalone", "--nproc-per-node", "2", "--max-restarts", "20",
          ChildProcess.product("test-worker"), "steps", "200", "5",
        ])
      let victim = Int.random(in: 0...1, using: &random)
      let delay = Int.random(in: 0...200, using: &random)
      let pid = try await value {
        job.folder.text("pid.0.\(victim)").flatMap { pid_t($0.dropLast()) }
      }
      try await Task.sleep(for: .milliseconds(delay))
      kill(pid, SIGKILL)
      let result = try await job.result()
      let comment: Comment =
        "trial \(trial), rank \(victim) killed after \(delay) ms: \(result.errors)"
      #expect(result.code == 0, comment)
      for rank in 0...1 {
        #expect(result.output.contains("rank \(rank) made 200 steps after 1 restarts"), comment)
      }
    }
  }

  @Test func noWorkerOutlivesAKilledLauncher() async throws {
    let job = try ChildProcess(
      "lockstep",
      [
        "run", "--standalone", "--nproc-per-node", "2", ChildProcess.product("test-worker"),
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
    #expect(!pids.contains(where: isAlive), "no worker is alive a second later")
  }
}
