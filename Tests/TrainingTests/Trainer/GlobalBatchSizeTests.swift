import Collectives
import DataLoading
import ProcessHarness
import RankHarness
import Testing
import Torch
import Training

/// A global batch size determines the steps, whatever the ranks and the batch size.
@Suite struct GlobalBatchSizeTests {
  private struct Run: Equatable {
    var weights: [[Float]]
    var steps: [Int]
    var rates: [Double]
  }

  /// Trains 24 samples for 2 epochs; returns what rank 0 saw.
  private func train(
    ranks: Int, batchSize: Int, global: Int?, folder: String? = nil, stop: Int? = nil
  ) throws -> Run {
    try onRanks(ranks) { group in
      let job = try SmallJob(group, samples: 24, batchSize: batchSize)
      let options = TrainerOptions(.epochs(2), globalBatchSize: global)
      let trainer = try job.trainer(options)
      let total = try options.stepCount(for: job.loader, worldSize: group.worldSize)
      trainer.schedule = LearningRateScheduler(
        job.optimizer, LinearSchedule(numTrainingSteps: total))
      if let folder {
        let snapshots = try Snapshots(
          folder, group: group, options: .init(warn: { _ in }, inform: { _ in }))
        try trainer.resume(from: snapshots, job.loader)
      }
      var run = Run(weights: [], steps: [], rates: [])
      trainer.callbacks = [
        TrainerCallback(stepEnded: { step in
          run.steps.append(step.samples * group.worldSize)
          run.rates.append(step.learningRate)
          if step.step == stop { throw StopTraining() }
        })
      ]
      try trainer.fit(job.loader, loss: SmallJob.loss)
      run.weights = job.weights
      return run
    }[0]
  }

  /// Samples of a step are the same on every split, so the weights differ only by rounding.
  @Test(arguments: [(1, 2), (1, 4), (1, 8), (2, 1), (2, 2), (2, 4), (4, 1), (4, 2)])
  func splitsGiveTheSameSteps(ranks: Int, batchSize: Int) throws {
    let whole = try train(ranks: 1, batchSize: 8, global: nil)
    let split = try train(ranks: ranks, batchSize: batchSize, global: 8)
    #expect(split.steps == [8, 8, 8, 8, 8, 8])
    #expect(split.rates == whole.rates)
    #expect(largestDifference(split.weights, whole.weights) < 1e-6)
  }

  /// The step size is retained when the ranks change, so the schedule is that of one run.
  @Test func resumedRunWithOtherRanksContinuesTheSchedule() throws {
    let whole = try train(ranks: 1, batchSize: 2, global: 8)
    let folder = try TestFolder()
    let first = try train(ranks: 1, batchSize: 2, global: 8, folder: folder.path, stop: 1)
    let second = try train(ranks: 2, batchSize: 2, global: 8, folder: folder.path)
    #expect(first.rates + second.rates == whole.rates)
    #expect(second.steps == [8, 8, 8, 8])
    #expect(largestDifference(second.weights, whole.weights) < 1e-6)
  }

  @Test(arguments: [
    (250, 8, 4, "250", "use a globalBatchSize of 224 or 256"),
    (3, 8, 1, "3", "use a globalBatchSize of 8, or batches of 3"),
    (
      256, 12, 4, "batches of 12 on 4 ranks",
      "use a globalBatchSize of 240 or 288, or batches of 8 or 16"
    ),
  ])
  func inexactSplitThrows(
    global: Int, batchSize: Int, ranks: Int, what: String, remedy: String
  ) throws {
    let options = TrainerOptions(.epochs(1), globalBatchSize: global)
    let error = #expect(throws: TorchError.self) {
      try options.accumulation(batchSize: batchSize, worldSize: ranks)
    }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains(what) == true, "\(error?.message ?? "")")
    #expect(error?.message.hasSuffix(remedy) == true, "\(error?.message ?? "")")
  }

  @Test func fitAndResumeRefuseAnInexactSplit() throws {
    let folder = try TestFolder()
    let messages = try onRanks(2) { [path = folder.path] group in
      let job = try SmallJob(group)
      let trainer = try job.trainer(TrainerOptions(.epochs(1), globalBatchSize: 6))
      let snapshots = try Snapshots(path, group: group)
      let fit = #expect(throws: TorchError.self) {
        try trainer.fit(job.loader, loss: SmallJob.loss)
      }
      let resume = #expect(throws: TorchError.self) {
        try trainer.resume(from: snapshots, job.loader)
      }
      return [fit?.message ?? "", resume?.message ?? ""]
    }
    for message in messages.joined() {
      let remedy = "use a globalBatchSize of 4 or 8, or batches of 1 or 3"
      #expect(message.contains(remedy), "\(message)")
    }
  }
}
