import Collectives
import Foundation
import ProcessHarness
import Testing
import Worker

/// A training run that is killed and resumed ends with the same bits as an undisturbed one.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ToyElasticTests {
  /// Starts the job in `folder`.
  private func job(_ folder: TestFolder, ranks: Int = 2, restarts: Int = 0) throws -> ChildProcess {
    try ChildProcess(
      "lockstep",
      [
        "run", "--standalone", "--nproc-per-node", "\(ranks)", "--max-restarts", "\(restarts)",
        ChildProcess.product("toy-elastic"), "--total-epochs", "40", "--save-every", "5",
        "--save-every-steps", "7", "--snapshots", folder.file("snapshots"),
      ], in: folder)
  }

  private func weights(_ output: String) -> Substring? {
    output.firstMatch(of: /Finished \| Weights ([0-9a-f]+)/)?.1
  }

  private func uninterrupted() async throws -> Substring {
    let result = try await job(TestFolder()).result()
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains("[CPU1] Epoch 3 | Batchsize: 32 | Steps: 32"))
    #expect(result.output.contains("Epoch 4 | Training snapshot saved at"))
    return try #require(weights(result.output))
  }

  /// Waits, on a separate thread, until the job reaches an epoch, and then for a random time.
  private func wait(_ job: ChildProcess, epoch: Int) async throws {
    let path = job.folder.file("child.out")
    let extra = UInt32.random(in: 0...60_000)
    try await onThread {
      let end = ContinuousClock.now + .seconds(60)
      while ContinuousClock.now < end {
        let text = FileManager.default.contents(atPath: path) ?? Data()
        if String(decoding: text, as: UTF8.self).contains("Epoch \(epoch) |") {
          usleep(extra)
          return
        }
        usleep(1000)
      }
      throw NeverHappened()
    }
  }

  @Test func traceContainsTheStepsOfEveryRank() async throws {
    let folder = try TestFolder()
    let result = try await ChildProcess(
      "lockstep",
      [
        "run", "--standalone", "--nproc-per-node", "2", ChildProcess.product("toy-elastic"),
        "--total-epochs", "2", "--snapshots", folder.file("snapshots"), "--trace",
        folder.file("trace.json"),
      ], in: folder
    ).result()
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains("Trace saved at"))
    let counts = try eventCounts(folder.file("trace.json"))
    #expect(counts["optimizer on 0"] == 2 * 32 && counts["bucket 0 on 1"] == 2 * 32)
  }

  @Test func jobWithKilledRanksEndsWithEqualWeights() async throws {
    let wanted = try await uninterrupted()
    for epoch in [1, 6, 13] {
      let job = try job(TestFolder(), restarts: 3)
      try await wait(job, epoch: epoch)
      let victim = try #require(job.children(named: "toy-elastic").randomElement())
      kill(victim, SIGKILL)
      let result = try await job.result()
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.errors.contains("restart 1 of 3"), "\(result.errors)")
      #expect(result.output.contains("Resuming from step"), "\(result.output)")
      #expect(weights(result.output) == wanted, "killed in epoch \(epoch)")
    }
  }

  @Test func sameCommandResumesAfterTheLauncherIsKilled() async throws {
    let wanted = try await uninterrupted()
    let folder = try TestFolder()
    let first = try job(folder)
    try await wait(first, epoch: 4)
    first.send(SIGKILL)
    try await Task.sleep(for: .milliseconds(500))
    let result = try await job(folder).result()
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains("Resuming from step"))
    #expect(weights(result.output) == wanted)
  }

  @Test(arguments: [SIGTERM, SIGUSR1])
  func stoppedJobSavesAndTheSameCommandResumes(signal: Int32) async throws {
    let wanted = try await uninterrupted()
    let folder = try TestFolder()
    let first = try job(folder)
    try await wait(first, epoch: 3)
    first.send(signal)
    let stopped = try await first.result()
    #expect(stopped.code == StopRequest.exitCode, "\(stopped.errors)")
    let step = try #require(stopped.output.firstMatch(of: /Stopped after step (\d+)/)?.1)
    let result = try await job(folder).result()
    #expect(result.output.contains("Resuming from step \(step) "))
    #expect(weights(result.output) == wanted)
  }
}
