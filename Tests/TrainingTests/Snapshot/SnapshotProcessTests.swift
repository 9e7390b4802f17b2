import Foundation
import ProcessHarness
import Testing
import Torch
import Training

/// Snapshots when the process is killed, when it exits, and when the disk is full.
@Suite(.serialized) struct SnapshotProcessTests {
  /// Kills training while it writes; an intact snapshot with the right weights must remain.
  @Test(arguments: [1, 3, 6, 10, 15, 22, 30, 45, 70, 110])
  func killedProcessLeavesAnIntactSnapshot(milliseconds: Int) async throws {
    let folder = try TestFolder()
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = folder.path as String, milliseconds = milliseconds as Int] in
      let job = try SnapshotJob()
      let snapshots = try Snapshots(path)
      try job.run(steps: 1)
      try snapshots.save(job.progress, job.parts)
      try snapshots.finish()
      let killer = Thread {
        usleep(UInt32(milliseconds) * 1000)
        kill(getpid(), SIGKILL)
      }
      killer.start()
      try job.run(steps: 100_000) { try snapshots.save(job.progress, job.parts) }
    }
    let warnings = Warnings()
    let job = try SnapshotJob()
    let snapshots = try Snapshots(
      folder.path, options: .init(lockTimeout: .zero, warn: { warnings.add($0) }))
    let resumed = try #require(try snapshots.resume(&job.progress, job.parts))
    #expect(warnings.texts.isEmpty)
    let same = try SnapshotJob()
    try same.run(steps: resumed.step)
    #expect(job.fingerprint == same.fingerprint)
    // No partial snapshot remains.
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.allSatisfy { $0 == "lock" || $0.hasPrefix("step-") })
  }

  @Test func exitWaitsForTheWriter() async throws {
    let folder = try TestFolder()
    await #expect(processExitsWith: .exitCode(3)) { [path = folder.path as String] in
      let job = try SnapshotJob()
      let snapshots = try Snapshots(path)
      try job.run(steps: 5)
      let model = Linear(2000, 2000)
      try snapshots.save(job.progress, ["model": model])
      exit(3)
    }
    let contents = try SnapshotContents(reading: folder.file("step-000000005"))
    #expect(contents.files["model.safetensors"]?["weight"]?.shape == [2000, 2000])
  }

  @Test func unreportedErrorIsPrintedAtExit() async throws {
    let result = await #expect(
      processExitsWith: .exitCode(3), observing: [\.standardErrorContent]
    ) {
      let folder = try TestFolder()
      let job = try SnapshotJob()
      let snapshots = try Snapshots(folder.file("snapshots"))
      try FileManager.default.removeItem(atPath: folder.file("snapshots"))
      try snapshots.save(job.progress, ["model": job.model])
      exit(3)
    }
    let errors = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(errors.contains("error: cannot create"))
  }

  /// Simulates a full disk with a file size limit, beyond which writes are short.
  @Test func fullDiskThrowsAndKeepsThePreviousSnapshot() async {
    await #expect(processExitsWith: .success) {
      let folder = try TestFolder()
      let job = try SnapshotJob()
      let snapshots = try Snapshots(folder.path)
      try job.run(steps: 2)
      try snapshots.save(job.progress, ["model": job.model])
      try snapshots.finish()
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 40_000, rlim_max: rlim_t.max)
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      try job.run(steps: 1)
      try snapshots.save(job.progress, ["model": Linear(200, 200)])
      #expect { try snapshots.finish() } throws: {
        ($0 as? TrainingError)?.code == .inputOutput
          && "\($0)".contains("the snapshot of step 3 was not written")
          && "\($0)".contains("File too large")
      }
      #expect(try SnapshotFolder(path: folder.path).names().map(\.step) == [2])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
      // Saving works again when there is space.
      limit.rlim_cur = .max
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      try snapshots.save(job.progress, ["model": job.model])
      try snapshots.finish()
      let other = try SnapshotJob()
      let resumed = try snapshots.resume(&other.progress, ["model": other.model])
      #expect(resumed?.step == 3 && other.fingerprint == job.fingerprint)
    }
  }
}
