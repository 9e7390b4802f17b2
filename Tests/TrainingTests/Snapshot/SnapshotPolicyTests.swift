import DataLoading
import Testing
import Training

@Suite struct SnapshotPolicyTests {
  private func progress(step: Int, epoch: Int, isAtStart: Bool) -> TrainingProgress {
    var progress = TrainingProgress(SamplerPosition(datasetCount: 100, seed: nil))
    for _ in 0..<epoch { progress.finishEpoch() }
    for _ in 0..<step { progress.finishStep(samples: 0) }
    if !isAtStart { progress.finishStep(samples: 1) }
    return progress
  }

  @Test func dueAtTheEndOfEverySecondEpoch() {
    let policy = SnapshotPolicy(epochs: 2)
    let now = ContinuousClock.now
    #expect(!policy.isDue(progress(step: 0, epoch: 0, isAtStart: true), now: now))
    #expect(!policy.isDue(progress(step: 4, epoch: 1, isAtStart: true), now: now))
    #expect(!policy.isDue(progress(step: 7, epoch: 2, isAtStart: false), now: now))
    #expect(policy.isDue(progress(step: 8, epoch: 2, isAtStart: true), now: now))
  }

  @Test func noStepIsSavedTwice() {
    var policy = SnapshotPolicy(epochs: 1, steps: 4)
    let now = ContinuousClock.now
    #expect(policy.isDue(progress(step: 3, epoch: 0, isAtStart: false), now: now))
    policy.recordSnapshot(progress(step: 3, epoch: 0, isAtStart: false), now: now)
    #expect(!policy.isDue(progress(step: 4, epoch: 1, isAtStart: true), now: now))
    #expect(policy.isDue(progress(step: 8, epoch: 2, isAtStart: true), now: now))
  }

  @Test func intervalRestartsAtEachSnapshot() {
    let start = ContinuousClock.now
    var policy = SnapshotPolicy(interval: .seconds(60), now: start)
    func isDue(_ step: Int, _ seconds: Int) -> Bool {
      policy.isDue(
        progress(step: step, epoch: 0, isAtStart: false), now: start + .seconds(seconds))
    }
    #expect(!isDue(1, 0))
    #expect(!isDue(2, 59))
    #expect(isDue(3, 60))
    #expect(isDue(4, 61))
    policy.recordSnapshot(
      progress(step: 4, epoch: 0, isAtStart: false), now: start + .seconds(61))
    #expect(!isDue(6, 120))
    #expect(isDue(7, 121))
  }
}

@Suite struct SnapshotRetentionTests {
  private func candidates(_ metrics: [Double?], damaged: Set<Int> = [])
    -> [SnapshotRetention.Candidate]
  {
    metrics.enumerated().map {
      .init(
        name: SnapshotName(step: $0.offset), metric: $0.element,
        isDamaged: damaged.contains($0.offset))
    }
  }

  @Test(
    arguments: [
      (1, nil, [nil, nil, nil], [], [0, 1]),
      (5, nil, [nil, nil, nil], [], []),
      (1, .lowest, [0.3, 0.1, 0.2, 0.4], [], [0, 2]),
      (1, .highest, [0.3, 0.5, 0.5, 0.4], [], [0, 1]),
      (2, .highest, [nil, .nan, 0.1, 0.2, 0.0], [], [0, 1, 2]),
      (2, .highest, [nil, .nan], [], []),
      // Damaged snapshots do not count and are removed.
      (2, .highest, [0.1, 0.2, 0.9, 0.3, nil], [2, 4], [0, 2, 4]),
    ] as [(Int, SnapshotRetention.Best?, [Double?], Set<Int>, [Int])])
  func removalsKeepTheLastAndTheBest(
    last: Int, best: SnapshotRetention.Best?, metrics: [Double?], damaged: Set<Int>, removed: [Int]
  ) {
    let rule = SnapshotRetention(last: last, best: best)
    #expect(rule.removals(candidates(metrics, damaged: damaged)).map(\.step) == removed)
  }

  @Test func namesRoundTrip() {
    for name in [SnapshotName(step: 0), .init(step: 120, attempt: 2), .init(step: 12_345_678_901)] {
      #expect(SnapshotName("\(name)") == name)
    }
    #expect(SnapshotName(step: 120).description == "step-000000120")
    #expect(SnapshotName(step: 9) < SnapshotName(step: 9, attempt: 2))
    for text in ["step-12", ".partial-step-000000001", "step-000000001.1", "step-", "x"] {
      #expect(SnapshotName(text) == nil)
    }
  }
}
