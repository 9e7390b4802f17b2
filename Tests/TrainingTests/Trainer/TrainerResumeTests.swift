import Collectives
import DataLoading
import DataParallel
import Foundation
import ProcessHarness
import RankHarness
import Testing
import Torch
import Training

/// Stops a trainer after some step and resumes from its snapshot with a new one.
@Suite struct TrainerResumeTests {
  private struct Outcome: Equatable, Sendable {
    var weights: [[Float]]
    var losses: [Int: Double]
    var rate: Double
    var progress: TrainingProgress?
  }

  /// Trains 3 epochs in several runs with new objects; `stops` has the last step of each run.
  private func train(
    _ worldSizes: [Int], stops: [Int], in folder: String, samples: Int = 36,
    options: TrainerOptions = TrainerOptions(.epochs(3)), policy: SnapshotPolicy = .everyEpoch
  ) throws -> [Outcome] {
    var last: [Outcome] = []
    var losses: [Int: Double] = [:]
    for (part, worldSize) in worldSizes.enumerated() {
      let stop = part < stops.count ? stops[part] : .max
      last = try onRanks(worldSize) { [losses] group in
        var losses = losses
        // Buckets hold at most two parameters, so that their order matters.
        let job = try SmallJob(group, samples: samples, bucketBytes: 64)
        let trainer = try job.trainer(options)
        let steps = options.stepCount(batchesPerEpoch: job.loader.count)
        let schedule = LearningRateScheduler(
          job.optimizer, factor: LinearSchedule(numTrainingSteps: steps).factor)
        trainer.schedule = schedule
        let snapshots = try Snapshots(
          folder, group: group, options: .init(policy: policy, warn: { _ in }))
        try trainer.resume(from: snapshots, job.loader)
        trainer.callbacks = [
          TrainerCallback(
            stepEnded: { if $0.step == stop { throw StopTraining() } },
            epochEnded: { losses[$0.epoch] = $0.loss })
        ]
        let end = try trainer.fit(job.loader, loss: SmallJob.loss)
        #expect((end == .stoppedByCallback) == (stop < .max))
        return Outcome(
          weights: job.weights, losses: losses, rate: job.optimizer.groups[0].learningRate,
          progress: trainer.progress)
      }
      losses = last[0].losses
    }
    return last
  }

  /// Gloo's order of additions depends on the buckets when there are more than two ranks.
  @Test(arguments: [(1, 1), (2, 1), (3, 1), (4, 1), (3, 2)])
  func resumeIsBitExact(worldSize: Int, accumulation: Int) throws {
    let options = TrainerOptions(.epochs(3), gradientAccumulation: accumulation)
    let whole = try train([worldSize], stops: [], in: TestFolder().path, options: options)
    #expect(whole[0].losses.count == 3)
    let steps = options.stepCount(batchesPerEpoch: (36 / worldSize + 1) / 2)
    for stop in [0, steps / 3 - 1, steps / 2] {
      let parts = try train(
        [worldSize, worldSize], stops: [stop], in: TestFolder().path, options: options)
      #expect(parts == whole, "stopped after step \(stop) of \(steps)")
    }
  }

  /// The accuracies are 0.2, 0.9 and 0.5, so the second and the last snapshot remain.
  ///
  /// That also holds if the step count triggers them.
  @Test(arguments: [SnapshotPolicy.everyEpoch, .init(epochs: 1, steps: 3), .init(steps: 3)])
  func bestSnapshotFollowsTheEvaluationMetric(policy: SnapshotPolicy) throws {
    let folder = try TestFolder()
    _ = try onRanks(2) { [path = folder.path] group in
      let job = try SmallJob(group)
      let trainer = try job.trainer(TrainerOptions(.epochs(3)))
      var accuracies = [0.2, 0.9, 0.5]
      trainer.evaluation = { _ in ["accuracy": accuracies.removeFirst()] }
      trainer.snapshotMetric = "accuracy"
      let snapshots = try Snapshots(
        path, group: group,
        options: .init(policy: policy, retention: .init(last: 1, best: .highest)))
      try trainer.resume(from: snapshots, job.loader)
      try trainer.fit(job.loader, loss: SmallJob.loss)
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(
      names.filter { $0.hasPrefix("step-") }.sorted() == ["step-000000006", "step-000000009"])
  }

  @Test func missingSnapshotMetricIsNamed() throws {
    let outcome = attemptOnRanks(1) { group in
      let job = try SmallJob(group)
      let trainer = try job.trainer(TrainerOptions(.epochs(1)))
      trainer.evaluation = { _ in ["accuracy": 1, "recall": 1] }
      trainer.snapshotMetric = "f1"
      try trainer.fit(job.loader, loss: SmallJob.loss)
    }[0]
    #expect {
      try outcome.get()
    } throws: {
      "\($0)".contains("snapshotMetric is 'f1', but the evaluation returns accuracy, recall")
    }
  }

  @Test func changedWorldSizeReportsEveryEpochAndEndsTheSchedule() throws {
    let outcomes = try train([4, 3, 2], stops: [1, 7], in: TestFolder().path)
    #expect(Set(outcomes.map(\.progress?.epoch)) == [3])
    #expect(outcomes.map(\.rate) == [0, 0])
    #expect(outcomes[0].losses.keys.sorted() == [0, 1, 2])
    #expect(outcomes[0].weights == outcomes[1].weights)
  }

  /// Without updates a batch's loss depends on its samples alone, and so does their mean.
  @Test func epochLossIncludesBatchesOfEarlierRanks() throws {
    let options = TrainerOptions(.epochs(1))
    func loss(_ worldSizes: [Int], stops: [Int]) throws -> Double? {
      let folder = try TestFolder()
      var loss: Double?
      for (part, worldSize) in worldSizes.enumerated() {
        let stop = part < stops.count ? stops[part] : .max
        loss = try onRanks(worldSize) { [path = folder.path] group in
          // 24 samples in batches of 2 are 12 batches for every world size.
          let job = try SmallJob(group, samples: 24)
          job.optimizer.groups[0].learningRate = 0
          let trainer = try job.trainer(options)
          let snapshots = try Snapshots(path, group: group)
          try trainer.resume(from: snapshots, job.loader)
          var loss: Double?
          trainer.callbacks = [
            TrainerCallback(
              stepEnded: { if $0.step == stop { throw StopTraining() } },
              epochEnded: { loss = $0.loss })
          ]
          try trainer.fit(job.loader, loss: SmallJob.loss)
          return loss
        }[0]
      }
      return loss
    }
    let alone = try #require(try loss([1], stops: []))
    for (worldSizes, stops) in [([3, 1], [1]), ([1, 3], [2]), ([2, 3, 1], [0, 1])] {
      let other = try #require(try loss(worldSizes, stops: stops))
      #expect(abs(other - alone) < 1e-6, "\(worldSizes)")
    }
  }

  /// A snapshot of an epoch's last step is saved before the epoch ends.
  @Test func epochEndIsReportedAgainAfterResume() throws {
    let policy = SnapshotPolicy(steps: 6)
    let whole = try train([2], stops: [], in: TestFolder().path, samples: 24, policy: policy)
    let parts = try train([2, 2], stops: [5], in: TestFolder().path, samples: 24, policy: policy)
    #expect(parts == whole && parts[0].losses.keys.sorted() == [0, 1, 2])
  }

  @Test func scalerStateIsRestored() throws {
    let folder = try TestFolder()
    let states = try onRanks(1) { [path = folder.path] group in
      var states: [GradientScaler.State] = []
      for scale in [16.0, 1] {
        let job = try SmallJob(group)
        let options = TrainerOptions(
          .steps(states.isEmpty ? 3 : 4), precision: .float16,
          scaler: .init(scale: scale, growthInterval: 3))
        let trainer = try job.trainer(options)
        try trainer.resume(from: Snapshots(path, group: group), job.loader)
        try trainer.fit(job.loader, loss: SmallJob.loss)
        states.append(try #require(trainer.scaler).state)
      }
      return states
    }[0]
    #expect(states.map(\.scale) == [32, 32])
    #expect(states.map(\.growthTracker) == [0, 1])
  }
}
