import Collectives
import Foundation
import ProcessHarness
import Testing
import Worker

/// A fine-tuning job with dropout that is killed or stopped resumes and ends with equal weights.
@Suite(.serialized, .timeLimit(.minutes(10))) struct FinetuneResumeTests {
  let tiny: TinyJob
  init() throws { tiny = try TinyJob() }

  /// Starts the job with snapshots and metrics in `folder`.
  private func start(
    _ folder: TestFolder, ranks: Int = 3, restarts: Int = 0, _ more: String...
  ) throws -> ChildProcess {
    try ChildProcess(
      "lockstep",
      [
        "run", "--standalone", "--nproc-per-node", "\(ranks)", "--max-restarts", "\(restarts)",
        ChildProcess.product("finetune-bert"),
      ] + tiny.arguments() + [
        "--epochs", "4", "--batch-size", "1", "--snapshots", folder.file("snapshots"),
        "--save-every-steps", "7", "--log-dir", folder.file("logs"),
      ] + more, in: folder)
  }

  private struct Outcome: Equatable {
    var weights: [Substring]
    var averages: [Substring]
    /// The loss of each step; of a repeated step, the last one.
    var losses: [Int: String]
  }

  private func outcome(_ result: ChildProcess.Result, _ folder: TestFolder) -> Outcome {
    var losses: [Int: String] = [:]
    for line in (folder.text("logs/metrics.jsonl") ?? "").split(separator: "\n") {
      guard let step = line.firstMatch(of: /"step":(\d+)/).flatMap({ Int($0.1) }) else { continue }
      losses[step] = line.firstMatch(of: /"train\/loss":([^,}]+)/).map { String($0.1) }
    }
    return Outcome(
      weights: result.output.matches(of: /rank \d: ([0-9a-f]{16})/).map(\.1),
      averages: result.output.firstMatch(of: /; average loss ([0-9., ]+)\n/)
        .map { $0.1.split(separator: ", ") } ?? [],
      losses: losses)
  }

  private func uninterrupted() async throws -> Outcome {
    let folder = try TestFolder()
    let result = try await start(folder).result()
    #expect(result.code == 0, "\(result.errors)")
    let outcome = outcome(result, folder)
    #expect(outcome.weights.count == 3 && Set(outcome.weights).count == 1)
    #expect(outcome.averages.count == 4)
    // 64 reviews on 3 ranks: 22 per rank.
    #expect(outcome.losses.keys.sorted() == Array(0..<4 * 22))
    return outcome
  }

  /// Waits until more than `steps` lines are logged.
  private func wait(_ folder: TestFolder, steps: Int) async throws {
    try await value {
      let lines = folder.data("logs/metrics.jsonl")?.split(separator: 10) ?? []
      return lines.count > steps ? () : nil
    }
  }

  @Test func jobWithKilledRanksEndsWithEqualWeights() async throws {
    let wanted = try await uninterrupted()
    let folder = try TestFolder()
    let job = try start(folder, restarts: 3)
    for steps in [10, 45] {
      try await wait(folder, steps: steps)
      kill(try #require(job.children(named: "finetune-bert").randomElement()), SIGKILL)
    }
    let result = try await job.result()
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.errors.contains("restart 2 of 3"), "\(result.errors)")
    #expect(result.output.contains("Resuming from step"))
    #expect(outcome(result, folder) == wanted)
  }

  @Test func stoppedJobSavesAndTheSameCommandResumes() async throws {
    let wanted = try await uninterrupted()
    let folder = try TestFolder()
    let first = try start(folder)
    try await wait(folder, steps: 12)
    first.send(SIGTERM)
    let stopped = try await first.result()
    #expect(stopped.code == StopRequest.exitCode, "\(stopped.errors)")
    let step = try #require(stopped.output.firstMatch(of: /stopped after step (\d+)/)?.1)
    let result = try await start(folder).result()
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains("Resuming from step \(step) "))
    #expect(outcome(result, folder) == wanted)
  }

  @Test func jobResumesWithAnotherWorldSize() async throws {
    let folder = try TestFolder()
    let first = try start(folder, ranks: 3)
    try await wait(folder, steps: 30)
    first.send(SIGTERM)
    #expect(try await first.result().code == StopRequest.exitCode)
    let result = try await start(folder, ranks: 2).result()
    #expect(result.code == 0, "\(result.errors)")
    let outcome = outcome(result, folder)
    #expect(outcome.weights.count == 2 && Set(outcome.weights).count == 1)
    #expect(outcome.averages.count == 4)
    #expect(outcome.losses.keys.sorted() == Array(0..<outcome.losses.count))
  }

  /// A folder at the path of the file simulates a full disk.
  @Test func modelThatCannotBeSavedIsInTheSnapshot() async throws {
    let folder = try TestFolder()
    try folder.create("out/model.safetensors/in-the-way")
    let failed = try await start(folder, restarts: 0, "--output", folder.file("out")).result()
    #expect(failed.code == 1)
    #expect(
      failed.errors.contains(
        "The trained weights are in the newest snapshot in '\(folder.file("snapshots"))'"),
      "\(failed.errors)")
    try FileManager.default.removeItem(atPath: folder.file("out"))
    let result = try await start(folder, restarts: 0, "--output", folder.file("out")).result()
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains("training     already complete; average loss"))
    #expect(outcome(result, folder).losses.count == 88)
    #expect(folder.data("out/model.safetensors") != nil)
  }

  @Test func differingOptionsAreReportedWithTheirRanks() async throws {
    let result = try await ChildProcess.run(
      "lockstep",
      [
        "run", "--standalone", "--nproc-per-node", "2", "/bin/sh", "-c",
        "exec \"$0\" \"$@\" --batch-size $((4 + RANK))", ChildProcess.product("finetune-bert"),
      ] + tiny.arguments())
    #expect(result.code == 1)
    #expect(
      result.errors.contains("rank 1 was started with --batch-size 5, rank 0 with --batch-size 4"),
      "\(result.errors)")
  }

  @Test func nonFiniteLossEndsTraining() async throws {
    let result = try await tiny.run(ranks: 2, "--learning-rate", "1e30")
    #expect(result.code == 1)
    #expect(result.errors.contains(/the loss of step \d+ in epoch 0 is -?(nan|inf) on rank/))
  }

  @Test func snapshotOptionsNeedAFolder() async throws {
    let result = try await ChildProcess.run(
      "finetune-bert", tiny.arguments("--save-every-steps", "7"))
    #expect(result.code == 64)
    #expect(result.errors.contains("--save-every-steps needs --snapshots FOLDER"))
  }
}
