import Collectives
import DataParallel
import ProcessHarness
import RankHarness
import Testing
import Torch
import Training

private func options() -> Snapshots.Options {
  .init(lockTimeout: .zero, warn: { _ in })
}

/// Ranks are threads here and share libtorch's generator; a per-rank part stands in for it.
@Suite struct SnapshotRanksTests {
  private struct Outcome: Sendable {
    var step: Int
    var fingerprint: UInt64
    var local: String
    var seen: [[Int]]
  }

  private func start(_ worldSize: Int, steps: Int, in folder: String) throws -> [Outcome] {
    try onRanks(worldSize) { group in
      let job = try SnapshotJob(rank: group.rank, worldSize: worldSize)
      let model = try DistributedDataParallel(job.model, group: group)
      let parts = job.parts.merging(["model": model]) { $1 }
      let local = StatefulValue("new \(group.rank)")
      let snapshots = try Snapshots(folder, group: group, options: options())
      try snapshots.resume(&job.progress, parts, perRank: ["local": local])
      let outcome = Outcome(
        step: job.progress.step, fingerprint: job.fingerprint, local: local.value, seen: [])
      let old = local.value
      local.value = "rank \(group.rank)"
      // Gradients are not averaged, so the ranks agree only if all restore rank 0's weights.
      try job.run(steps: steps)
      try snapshots.save(job.progress, parts, perRank: ["local": local])
      try snapshots.finish()
      try group.barrier()
      return Outcome(
        step: outcome.step, fingerprint: outcome.fingerprint, local: old, seen: job.seen.value)
    }
  }

  @Test func ranksRestoreSharedAndPerRankParts() throws {
    let folder = try TestFolder()
    let first = try start(2, steps: 2, in: folder.path)
    #expect(first.map(\.local) == ["new 0", "new 1"] && first.map(\.step) == [0, 0])
    let second = try start(2, steps: 0, in: folder.path)
    #expect(second.map(\.local) == ["rank 0", "rank 1"] && second.map(\.step) == [2, 2])
    #expect(second[0].fingerprint == second[1].fingerprint)
    #expect(second[0].fingerprint != first[0].fingerprint)
  }

  @Test func changedWorldSizeSeesTheRemainingSamples() throws {
    let folder = try TestFolder()
    // 20 samples: 2 ranks run 2 steps of 3 samples each, then 3 ranks resume.
    let first = try start(2, steps: 2, in: folder.path)
    let second = try start(3, steps: 1, in: folder.path)
    #expect(second.map(\.local) == ["rank 0", "rank 1", "new 2"])
    #expect(Set(second.map(\.fingerprint)).count == 1)
    #expect(second.map(\.step) == [2, 2, 2])
    let seen = (first + second).flatMap(\.seen).joined()
    // 12 + 8 samples, and one padding sample.
    #expect(seen.count == 21 && Set(seen) == Set(0..<20))
  }

  @Test func errorOfRankZeroReachesAllRanks() throws {
    let folder = try TestFolder()
    let holder = try Snapshots(folder.path, options: options())
    defer { withExtendedLifetime(holder) {} }
    let outcomes = attemptOnRanks(2) { [path = folder.path] group in
      _ = try Snapshots(path, group: group, options: options())
    }
    #expect(outcomes.count == 2)
    for outcome in outcomes {
      #expect { try outcome.get() } throws: {
        ($0 as? TrainingError)?.code == .locked && "\($0)".contains("is in use by process")
      }
    }
  }

  @Test func differentModelThrowsOnAllRanks() throws {
    let folder = try TestFolder()
    _ = try start(1, steps: 1, in: folder.path)
    let outcomes = attemptOnRanks(2) { [path = folder.path] group in
      let job = try SnapshotJob(outputs: 5, rank: group.rank, worldSize: 2)
      let snapshots = try Snapshots(path, group: group, options: options())
      try snapshots.resume(&job.progress, job.parts, perRank: ["local": StatefulValue("")])
    }
    for outcome in outcomes {
      #expect { try outcome.get() } throws: {
        ($0 as? TrainingError)?.code == .mismatch && "\($0)".contains("'bias' was saved as")
      }
    }
  }

  @Test func rankZeroDecidesIfThePolicyDependsOnTime() throws {
    let folder = try TestFolder()
    let made = try onRanks(2) { [path = folder.path] group in
      let job = try SnapshotJob(rank: group.rank, worldSize: 2)
      var settings = options()
      // Rank 1 alone would save after each step.
      settings.policy = SnapshotPolicy(interval: group.rank == 0 ? .seconds(9999) : .nanoseconds(1))
      let snapshots = try Snapshots(path, group: group, options: settings)
      var made = 0
      try job.run(steps: 3) {
        if try snapshots.saveIfDue(job.progress, job.parts) { made += 1 }
      }
      return made
    }
    #expect(made == [0, 0])
  }
}
