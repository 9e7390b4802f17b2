import Collectives
import DataLoading
import ProcessHarness
import RankHarness
import Testing
import Torch
import Training

/// 12 samples in batches of 2 are 6 steps per epoch on one rank, 3 on two ranks.
@Suite struct EarlyStoppingTests {
  /// What a rank saw.
  private struct Run: Equatable {
    var evaluated: [Int] = []
    var epochs: [Int] = []
    var steps = 0
    var outcome = ""
    var best: [Double] = []
    var weights: [[Float]] = []
  }

  /// Trains with a metric that depends on the step; returns what each rank saw.
  private func train(
    ranks: Int = 1, _ options: TrainerOptions, patience: Int?, minimum: Double = 0,
    mode: EarlyStopping.Mode = .min, loadsBest: Bool = false, folder: String? = nil,
    stop: Int? = nil, failAt: Int? = nil, snapshotSteps: Int = 1,
    metric: @escaping @Sendable (_ step: Int, _ rank: Int) -> Double
  ) throws -> [Run] {
    try onRanks(ranks) { group in
      let job = try SmallJob(group)
      let trainer = try job.trainer(options)
      struct Failure: Error {}
      trainer.evaluation = { [unowned trainer] _ in
        let step = trainer.progress?.step ?? 0
        if step == failAt { throw Failure() }
        return ["score": metric(step, group.rank)]
      }
      if let patience {
        trainer.earlyStopping = EarlyStopping(
          "score", patience: patience, minimumImprovement: minimum, mode: mode,
          loadsBestWeights: loadsBest)
      }
      if let folder {
        let snapshots = try Snapshots(
          folder, group: group,
          options: .init(
            policy: .init(steps: snapshotSteps), warn: { _ in }, inform: { _ in }))
        try trainer.resume(from: snapshots, job.loader)
      }
      var run = Run()
      trainer.callbacks = [
        TrainerCallback(
          stepEnded: { if $0.step == stop { throw StopTraining() } },
          evaluated: { run.evaluated.append($0.step) },
          epochEnded: { run.epochs.append($0.epoch) })
      ]
      do {
        run.outcome = "\(try trainer.fit(job.loader, loss: SmallJob.loss))"
      } catch is Failure {
        run.outcome = "failed"
      }
      run.steps = trainer.progress?.step ?? 0
      run.best = [
        trainer.earlyStopping?.bestValue ?? -1, Double(trainer.earlyStopping?.bestStep ?? -1),
      ]
      run.weights = job.weights
      return run
    }
  }

  @Test(
    arguments: [
      (nil, [6, 12]), (2, [2, 4, 6, 8, 10, 12]), (4, [4, 6, 8, 12]), (7, [6, 7, 12]),
    ] as [(Int?, [Int])])
  func evaluationRunsEverySteps(interval: Int?, expected: [Int]) throws {
    let run = try train(
      TrainerOptions(.epochs(2), evaluationInterval: interval), patience: nil
    ) { _, _ in 1 }[0]
    #expect(run.evaluated == expected)
    #expect(run.epochs == [0, 1])
    #expect(run.outcome == "completed")
  }

  /// The metric is best at step 3; two evaluations later training ends.
  @Test func stopsWhenThePatienceIsExhausted() throws {
    let run = try train(TrainerOptions(.epochs(9), evaluationInterval: 1), patience: 2) {
      step, _ in abs(Double(step) - 3)
    }[0]
    #expect(run.evaluated == [1, 2, 3, 4, 5])
    #expect(run.steps == 5)
    #expect(run.outcome == "stoppedByCallback")
    #expect(run.best == [0, 3])
  }

  @Test func stopsAtTheEndOfAnEpochAfterItsCallbacks() throws {
    let run = try train(TrainerOptions(.epochs(9)), patience: 2, mode: .max) { _, _ in 1 }[0]
    #expect(run.epochs == [0, 1, 2])
    #expect(run.steps == 18)
    #expect(run.outcome == "stoppedByCallback")
  }

  @Test(
    arguments: [
      (.min, 0, [1, 0.9, 0.8, 0.9], [0.8, 3]),
      (.min, 0.3, [1, 0.9, 0.8, 0.6, 0.9, 0.9, 0.9], [0.6, 4]),
      (.max, 0, [1, 2, 2, .nan, 3], [3, 5]), (.max, 1, [1, 2, 2.5, 2.5], [2.5, 3]),
      (.min, 0, [.nan, 5, 4], [4, 3]),
    ] as [(EarlyStopping.Mode, Double, [Double], [Double])])
  func improvementsFollowTheModeAndTheMinimum(
    mode: EarlyStopping.Mode, minimum: Double, values: [Double], best: [Double]
  ) {
    let stopping = EarlyStopping("x", patience: 99, minimumImprovement: minimum, mode: mode)
    for (index, value) in values.enumerated() {
      stopping.record(value, step: index + 1, weights: [:])
    }
    #expect([stopping.bestValue, stopping.bestStep.map(Double.init)] == best.map(Optional.some))
  }

  /// Rank 1 alone would never stop, because its metric improves in every evaluation.
  @Test func ranksFollowRankZero() throws {
    let runs = try train(
      ranks: 2, TrainerOptions(.epochs(9), evaluationInterval: 1), patience: 3
    ) { step, rank in rank == 0 ? 5 : -Double(step) }
    #expect(runs.map(\.steps) == [4, 4])
    #expect(runs[1].best == [5, 1])
    #expect(runs.map(\.outcome) == ["stoppedByCallback", "stoppedByCallback"])
  }

  @Test(arguments: [1, 2])
  func bestWeightsAreLoadedBack(ranks: Int) throws {
    let options = TrainerOptions(.epochs(9), evaluationInterval: 1)
    let score: @Sendable (Int, Int) -> Double = { step, _ in abs(Double(step) - 4) }
    let runs = try train(ranks: ranks, options, patience: 3, loadsBest: true, metric: score)
    let last = try train(ranks: ranks, options, patience: 3, metric: score)
    let atFour = try train(ranks: ranks, TrainerOptions(.steps(4)), patience: nil, metric: score)
    #expect(runs.map(\.steps) == Array(repeating: 7, count: ranks))
    #expect(runs.map(\.weights) == atFour.map(\.weights), "to the bit")
    #expect(last[0].weights != atFour[0].weights)
  }

  /// The best evaluation precedes the interruption; the patience continues behind it.
  @Test func resumedRunKeepsCountersAndBestWeights() throws {
    let options = TrainerOptions(.epochs(9), evaluationInterval: 1)
    let score: @Sendable (Int, Int) -> Double = { step, _ in abs(Double(step) - 2) }
    let whole = try train(options, patience: 5, loadsBest: true, metric: score)[0]
    let folder = try TestFolder()
    let first = try train(
      options, patience: 5, loadsBest: true, folder: folder.path, stop: 3, metric: score)[0]
    let second = try train(
      options, patience: 5, loadsBest: true, folder: folder.path, metric: score)[0]
    let third = try train(
      options, patience: 5, loadsBest: true, folder: folder.path, metric: score)[0]
    #expect(whole.steps == 7 && whole.best == [0, 2])
    #expect(Array(Set(first.evaluated + second.evaluated)).sorted() == whole.evaluated)
    #expect(second.steps == 7)
    #expect(second.weights == whole.weights)
    #expect(third.evaluated.isEmpty, "training has already stopped early")
    #expect(third.steps == 7)
    #expect(third.outcome == "stoppedByCallback")
    #expect(third.weights == whole.weights)
  }

  @Test func failedEvaluationIsRepeatedAfterResuming() throws {
    let options = TrainerOptions(.epochs(1), evaluationInterval: 2)
    let folder = try TestFolder()
    let failed = try train(
      options, patience: 2, folder: folder.path, failAt: 4, snapshotSteps: 4
    ) { _, _ in 1 }[0]
    #expect(failed.outcome == "failed" && failed.evaluated == [2])
    let resumed = try train(
      options, patience: 2, folder: folder.path, snapshotSteps: 4
    ) { _, _ in 1 }[0]
    #expect(resumed.evaluated == [4, 6])
    #expect(resumed.steps == 6)
  }

  @Test func snapshotsWithoutEarlyStoppingCanBeResumedWithIt() throws {
    let folder = try TestFolder()
    _ = try train(TrainerOptions(.steps(3)), patience: nil, folder: folder.path) { _, _ in 1 }
    let run = try train(
      TrainerOptions(.epochs(9), evaluationInterval: 1), patience: 1, folder: folder.path
    ) { _, _ in 1 }[0]
    #expect(run.steps == 4 && run.evaluated == [3, 4])
    let without = try train(TrainerOptions(.steps(5)), patience: nil, folder: folder.path) { _, _ in
      1
    }[0]
    #expect(without.steps == 5)
  }

  @Test func missingMetricThrowsOnAllRanks() throws {
    let messages = try onRanks(2) { group in
      let job = try SmallJob(group)
      let trainer = try job.trainer(TrainerOptions(.epochs(2)))
      trainer.evaluation = { _ in group.rank == 1 ? ["other": 1] : ["loss": 1] }
      trainer.earlyStopping = EarlyStopping("loss", patience: 2)
      let error = #expect(throws: TrainingError.self) {
        try trainer.fit(job.loader, loss: SmallJob.loss)
      }
      return error?.message ?? ""
    }
    for message in messages {
      let words = "'loss', but the evaluation of rank 1 does not return it"
      #expect(message.contains(words), "\(message)")
    }
  }

  @Test func missingEvaluationThrows() throws {
    let messages = try onRanks(1) { group in
      let job = try SmallJob(group)
      let stopping = try job.trainer(TrainerOptions(.epochs(1)))
      stopping.earlyStopping = EarlyStopping("loss", patience: 2)
      let interval = try job.trainer(TrainerOptions(.epochs(1), evaluationInterval: 2))
      return [stopping, interval].map { trainer in
        let error = #expect(throws: TorchError.self) {
          try trainer.fit(job.loader, loss: SmallJob.loss)
        }
        return error?.message ?? ""
      }
    }[0]
    #expect(messages[0].contains("earlyStopping is set, but there is no evaluation"))
    #expect(messages[1].contains("evaluationInterval is set, but there is no evaluation"))
  }
}
