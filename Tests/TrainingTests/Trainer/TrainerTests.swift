import Collectives
import DataLoading
import DataParallel
import Foundation
import ProcessHarness
import RankHarness
import Testing
import Torch
import Training

@Suite struct TrainerTests {
  @Test(arguments: [1, 2])
  func trainerEqualsAHandWrittenLoop(worldSize: Int) throws {
    let options = TrainerOptions(.epochs(2), maxGradientNorm: 0.2)
    let trained = try onRanks(worldSize) { group in
      let job = try SmallJob(group)
      let trainer = try job.trainer(options)
      let steps = options.stepCount(batchesPerEpoch: job.loader.count)
      trainer.schedule = LearningRateScheduler(
        job.optimizer, factor: LinearSchedule(numWarmupSteps: 2, numTrainingSteps: steps).factor)
      try trainer.fit(job.loader, loss: SmallJob.loss)
      return job.weights
    }
    let byHand = try onRanks(worldSize) { group in
      let job = try SmallJob(group)
      var loader = job.loader
      let schedule = LearningRateScheduler(
        job.optimizer,
        factor: LinearSchedule(numWarmupSteps: 2, numTrainingSteps: 2 * loader.count).factor)
      for epoch in 0..<2 {
        loader.batchSampler.sampler.setEpoch(epoch)
        let batches = try loader.batches()
        while let batch = try batches.next() {
          job.optimizer.zeroGrad()
          try SmallJob.loss(job.model, batch).backward()
          try clipGradNorm(job.model.module.parameters, 0.2)
          try job.optimizer.step()
          schedule.step()
        }
      }
      return job.weights
    }
    #expect(trained == byHand, "to the bit")
    #expect(Set(trained).count == 1)
  }

  /// 12 samples in batches of 2, or 11 samples, whose last batch has 1.
  @Test(arguments: [(1, 2, 12), (1, 3, 12), (2, 3, 12), (1, 3, 11), (1, 6, 11), (1, 4, 12)])
  func accumulationOverBatchesEqualsOneLargeBatch(worldSize: Int, count: Int, samples: Int) throws {
    func train(batchSize: Int, accumulation: Int) throws -> (weights: [[Float]], losses: [Double]) {
      try onRanks(worldSize) { group in
        let job = try SmallJob(group, samples: samples, batchSize: batchSize)
        let trainer = try job.trainer(
          TrainerOptions(.epochs(3), gradientAccumulation: accumulation))
        var losses: [Double] = []
        trainer.callbacks = [TrainerCallback(stepEnded: { losses.append($0.loss) })]
        try trainer.fit(job.loader, loss: SmallJob.loss)
        return (job.weights, losses)
      }[0]
    }
    let small = try train(batchSize: 2, accumulation: count)
    let large = try train(batchSize: 2 * count, accumulation: 1)
    #expect(largestDifference(small.weights, large.weights) < 1e-6)
    #expect(small.losses.count == large.losses.count)
    #expect(zip(small.losses, large.losses).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  /// 24 samples on 2 ranks in batches of 2 are 6 batches per epoch.
  ///
  /// Each step reduces every bucket once; the epoch's loss is gathered, not reduced.
  @Test(arguments: [1, 2, 3, 4, 6, 9])
  func everyBucketIsReducedOncePerStep(accumulation: Int) throws {
    let counts = try onRanks(2) { base in
      let group = CountingProcessGroup(base)
      let job = try SmallJob(group, samples: 24, bucketBytes: 64)
      let trainer = try job.trainer(
        TrainerOptions(.epochs(2), gradientAccumulation: accumulation))
      var perStep: [Int] = []
      var before = 0
      trainer.callbacks = [
        TrainerCallback(
          epochStarted: { _ in before = group.allReduceCount },
          stepEnded: { _ in
            perStep.append(group.allReduceCount - before)
            before = group.allReduceCount
          })
      ]
      try trainer.fit(job.loader, loss: SmallJob.loss)
      return (perStep, job.model.bucketParameterNames.count, group.allReduceCount)
    }
    for (perStep, buckets, all) in counts {
      let steps = 2 * ((6 + accumulation - 1) / accumulation)
      #expect(buckets > 1)
      // One bucket until the order of gradients is known.
      #expect(perStep == [1] + Array(repeating: buckets, count: steps - 1))
      #expect(all == perStep.reduce(0, +))
    }
  }

  @Test func stepLimitWithinAnEpochCanBeResumed() throws {
    let positions = try onRanks(1) { group in
      let job = try SmallJob(group)  // 6 batches per epoch
      let trainer = try job.trainer(TrainerOptions(.steps(8)))
      try trainer.fit(job.loader, loss: SmallJob.loss)
      let first = trainer.progress
      try trainer.fit(job.loader, loss: SmallJob.loss)
      #expect(trainer.progress == first, "training is already complete")

      let longer = try job.trainer(TrainerOptions(.steps(12)))
      longer.progress = first
      try longer.fit(job.loader, loss: SmallJob.loss)
      return [first, longer.progress]
    }[0]
    #expect(positions.map { $0?.epoch } == [1, 2])
    #expect(positions.map { $0?.position.consumed } == [4, 0])
    #expect(positions.map { $0?.step } == [8, 12])
  }

  @Test func epochLimitIgnoresTheStepCount() throws {
    let progress = try onRanks(1) { group in
      let job = try SmallJob(group)  // 6 batches per epoch
      let trainer = try job.trainer(TrainerOptions(.epochs(2)))
      var progress = TrainingProgress(job.loader.batchSampler.sampler.position)
      for _ in 0..<100 { progress.finishStep(samples: 0) }
      progress.finishStep(samples: 10)
      trainer.progress = progress
      try trainer.fit(job.loader, loss: SmallJob.loss)
      return trainer.progress
    }[0]
    #expect(progress?.epoch == 2)
    #expect(progress?.step == 108)
  }

  @Test func callbacksRunInOrder() throws {
    let events = try onRanks(1) { group in
      let job = try SmallJob(group, samples: 5)
      let trainer = try job.trainer(TrainerOptions(.epochs(2), gradientAccumulation: 2))
      var events: [String] = []
      trainer.evaluation = { network in
        events.append("evaluation \(network.dropout.isTraining) \(isGradEnabled)")
        return ["accuracy": 0.5]
      }
      trainer.callbacks = ["a", "b"].map { name in
        TrainerCallback(
          epochStarted: { events.append("\(name) epoch \($0.epoch)") },
          stepEnded: { events.append("\(name) step \($0.epoch).\($0.step) of \($0.samples)") },
          epochEnded: { events.append("\(name) end \($0.epoch) \($0.metrics)") })
      }
      try trainer.fit(job.loader, loss: SmallJob.loss)
      #expect(job.model.module.dropout.isTraining)
      return events
    }[0]
    func epoch(_ number: Int) -> [String] {
      [
        "a epoch \(number)", "b epoch \(number)",
        "a step \(number).\(2 * number) of 4", "b step \(number).\(2 * number) of 4",
        "a step \(number).\(2 * number + 1) of 1", "b step \(number).\(2 * number + 1) of 1",
        "evaluation false false",
        "a end \(number) [\"accuracy\": 0.5]", "b end \(number) [\"accuracy\": 0.5]",
      ]
    }
    #expect(events == epoch(0) + epoch(1))
  }

  @Test func callbackErrorEndsTraining() throws {
    struct Refused: Error {}
    let outcome = attemptOnRanks(1) { group in
      let job = try SmallJob(group)
      let trainer = try job.trainer(TrainerOptions(.epochs(1)))
      trainer.callbacks = [TrainerCallback(stepEnded: { _ in throw Refused() })]
      try trainer.fit(job.loader, loss: SmallJob.loss)
    }[0]
    #expect(throws: Refused.self) { try outcome.get() }
  }

  @Test func gradientNormIsThatOfTheAveragedGradients() throws {
    let norms = try onRanks(2) { group in
      let job = try SmallJob(group)
      let trainer = try job.trainer(TrainerOptions(.steps(1), maxGradientNorm: .infinity))
      var norms: [Double] = []
      trainer.callbacks = [
        TrainerCallback(stepEnded: { norms.append($0.gradientNorm ?? -1) })
      ]
      try trainer.fit(job.loader, loss: SmallJob.loss)
      norms.append(gradientNorm(of: job.model.module.parameters).item)
      return norms
    }
    #expect(norms[0] == norms[1])
    #expect(norms[0][0] == norms[0][1])
    #expect(norms[0][0] > 0)
  }

  /// Rank 1's loss is NaN: no rank reaches the next step, and nothing is saved.
  @Test func nonFiniteLossStopsAllRanks() throws {
    let folder = try TestFolder()
    let outcomes = attemptOnRanks(2, timeout: .seconds(20)) { [path = folder.path] group in
      let job = try SmallJob(group)
      let trainer = try job.trainer(TrainerOptions(.epochs(1)))
      let snapshots = try Snapshots(path, group: group, options: .init(policy: .init(steps: 1)))
      try trainer.resume(from: snapshots, job.loader)
      try trainer.fit(job.loader) { model, batch in
        let loss = try SmallJob.loss(model, batch)
        return group.rank == 1 && trainer.progress?.step == 2 ? loss * Double.nan : loss
      }
    }
    #expect { try outcomes[1].get() } throws: {
      ($0 as? TrainingError)?.code == .notFinite
        && "\($0)".contains("the loss of step 2 in epoch 0 is nan on rank 1")
    }
    #expect(throws: CollectiveError.self) { try outcomes[0].get() }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.contains("step-000000002") && !names.contains("step-000000003"))
  }

  @Test func nonFiniteLossCanBeAllowed() throws {
    let losses = try onRanks(1) { group in
      let job = try SmallJob(group)
      job.optimizer.groups[0].learningRate = 0
      let trainer = try job.trainer(TrainerOptions(.steps(3), stopsAtNonFinite: false))
      var losses: [Double] = []
      trainer.callbacks = [TrainerCallback(stepEnded: { losses.append($0.loss) })]
      try trainer.fit(job.loader) { model, batch in
        try SmallJob.loss(model, batch) * (losses.count == 1 ? .nan : 1)
      }
      return losses
    }[0]
    #expect(losses.count == 3 && losses[1].isNaN)
  }

  @Test(arguments: [
    (TrainerOptions(.epochs(-1)), "-1 epochs"),
    (TrainerOptions(.steps(-1)), "-1 steps"),
    (TrainerOptions(.epochs(1), gradientAccumulation: 0), "gradientAccumulation is 0"),
    (TrainerOptions(.epochs(1), maxGradientNorm: 0), "maxGradientNorm is 0"),
    (TrainerOptions(.epochs(1), maxGradientNorm: .nan), "maxGradientNorm is nan"),
    (
      TrainerOptions(.epochs(1), precision: .float16, scaler: .init(growthFactor: 1)),
      "growthFactor is 1"
    ),
  ])
  func invalidOptionsThrow(options: TrainerOptions, words: String) throws {
    let outcome = attemptOnRanks(1) { group in _ = try SmallJob(group).trainer(options) }[0]
    let error = #expect(throws: TorchError.self) { try outcome.get() }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test func emptyLoaderThrows() throws {
    let outcome = attemptOnRanks(1) { group in
      let job = try SmallJob(group, samples: 0)
      try job.trainer(TrainerOptions(.epochs(1))).fit(job.loader, loss: SmallJob.loss)
    }[0]
    #expect(throws: TorchError.self) { try outcome.get() }
  }
}
