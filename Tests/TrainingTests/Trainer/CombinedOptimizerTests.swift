import DataLoading
import DataParallel
import ProcessHarness
import RankHarness
import Testing
import Torch
import Training

@Suite struct CombinedOptimizerTests {
  private struct Run: Equatable {
    var weights: [[Float]] = []
    var rates: [[Double]] = []
  }

  /// AdamW trains the first layer, SGD the second.
  private func train(folder: String? = nil, stop: Int? = nil) throws -> Run {
    try onRanks(2) { group in
      let job = try SmallJob(group)
      let network = job.model.module
      let optimizer = CombinedOptimizer([
        AdamW([ParameterGroup(network.first.parameters, learningRate: 0.01)]),
        SGD(network.head.parameters, learningRate: 0.1, momentum: 0.9),
      ])
      let trainer = try Trainer(
        job.model, optimizer, options: TrainerOptions(.epochs(2), maxGradientNorm: 0.3))
      trainer.schedule = LearningRateScheduler(
        optimizer, LinearSchedule(numTrainingSteps: 6))
      if let folder {
        let snapshots = try Snapshots(
          folder, group: group, options: .init(warn: { _ in }, inform: { _ in }))
        try trainer.resume(from: snapshots, job.loader)
      }
      var run = Run()
      trainer.callbacks = [
        TrainerCallback(stepEnded: { step in
          run.rates.append(optimizer.groups.map(\.learningRate))
          if step.step == stop { throw StopTraining() }
        })
      ]
      try trainer.fit(job.loader, loss: SmallJob.loss)
      run.weights = job.weights
      return run
    }[0]
  }

  private func byHand() throws -> [[Float]] {
    try onRanks(2) { group in
      let job = try SmallJob(group)
      let network = job.model.module
      let adamW = AdamW([ParameterGroup(network.first.parameters, learningRate: 0.01)])
      let sgd = SGD(network.head.parameters, learningRate: 0.1, momentum: 0.9)
      var loader = job.loader
      var step = 0
      for epoch in 0..<2 {
        loader.batchSampler.sampler.setEpoch(epoch)
        let batches = try loader.batches()
        while let batch = try batches.next() {
          adamW.groups[0].learningRate = 0.01 * Double(6 - step) / 6
          sgd.groups[0].learningRate = 0.1 * Double(6 - step) / 6
          adamW.zeroGrad()
          sgd.zeroGrad()
          try SmallJob.loss(job.model, batch).backward()
          try clipGradNorm(network.parameters, 0.3)
          try adamW.step()
          try sgd.step()
          step += 1
        }
      }
      return job.weights
    }[0]
  }

  @Test func eachParameterHasItsOptimizer() throws {
    let run = try train()
    #expect(largestDifference(run.weights, try byHand()) < 1e-6)
    // The schedule has advanced when the callback runs.
    #expect(run.rates.map(\.count) == [2, 2, 2, 2, 2, 2])
    #expect(zip(run.rates[2], [0.005, 0.05]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func resumedRunContinuesToTheBit() throws {
    let whole = try train()
    let folder = try TestFolder()
    let first = try train(folder: folder.path, stop: 2)
    let second = try train(folder: folder.path)
    #expect(first.rates + second.rates == whole.rates)
    #expect(second.weights == whole.weights)
  }

  @Test func otherStateIsRefusedAndChangesNothing() throws {
    func optimizer(_ sizes: [Int]) -> CombinedOptimizer {
      CombinedOptimizer(
        sizes.map { size in
          let parameter = Tensor.ones([size])
          parameter.requiresGrad = true
          return SGD([ParameterGroup([parameter], learningRate: 0.1)], momentum: 0.5)
        })
    }
    let own = optimizer([2, 3])
    own.groups[0].learningRate = 0.7
    let three = #expect(throws: TorchError.self) {
      try own.loadStateDict(try optimizer([2, 3, 4]).stateDict())
    }
    #expect(three?.message.contains("it has 3 parameter groups, this optimizer has 2") == true)
    let other = #expect(throws: TorchError.self) {
      try own.loadStateDict(try optimizer([2, 4]).stateDict())
    }
    #expect(other?.message.contains("optimizer 1: ") == true)
    #expect(own.groups.map(\.learningRate) == [0.7, 0.1])
  }

  @Test func snapshotsRefuseAShardedPart() throws {
    let folder = try TestFolder()
    let messages = try onRanks(2) { [path = folder.path] group in
      let job = try SmallJob(group)
      let sharded = ZeroRedundancyOptimizer(
        [ParameterGroup(job.model.module.parameters, learningRate: 0.1)], group: group
      ) { SGD($0, momentum: 0.9) }
      let trainer = try Trainer(
        job.model, CombinedOptimizer([sharded]), options: TrainerOptions(.steps(1)))
      let snapshots = try Snapshots(path, group: group)
      let error = #expect(throws: TrainingError.self) {
        try trainer.resume(from: snapshots, job.loader)
      }
      return error?.message ?? ""
    }
    for message in messages {
      #expect(message.contains("part 'optimizer' is a CombinedOptimizer"), "\(message)")
    }
  }
}
