import Collectives
import DataLoading
import DataParallel
import RankHarness
import Testing
import Torch
import Training

/// Sample `i` has `i % 4` tokens, so ranks and batches have different weights, some 0.
@Suite struct WeightedLossTests {
  private struct Run {
    var weights: [[Float]] = []
    /// The loss of each step times its weight, and the weight.
    var sums: [(loss: Double, weight: Double)] = []
    var epochs: [Double] = []
  }

  private static func weightedLoss(
    _ model: DistributedDataParallel<SmallJob.Network>, _ batch: SmallJob.Batch
  ) throws -> WeightedLoss {
    let tokens = batch.indices.map { Float($0 % 4) }
    let error = try model(batch.x) - batch.y
    let scales = Tensor(tokens, shape: [tokens.count, 1])
    return WeightedLoss(
      sum: (error * error * scales).sum(), weight: Int(tokens.reduce(0, +)))
  }

  private func train(
    ranks: Int, batchSize: Int, accumulation: Int, precision: Precision = .float32
  ) throws -> [Run] {
    try onRanks(ranks) { group in
      let job = try SmallJob(group, batchSize: batchSize)
      let trainer = try job.trainer(
        TrainerOptions(
          .epochs(3), gradientAccumulation: accumulation, maxGradientNorm: 0.5,
          precision: precision, scaler: .init(scale: 16)))
      var run = Run()
      trainer.callbacks = [
        TrainerCallback(
          stepEnded: { run.sums.append(($0.loss * $0.weight, $0.weight)) },
          epochEnded: { run.epochs.append($0.loss) })
      ]
      try trainer.fit(job.loader, loss: Self.weightedLoss)
      run.weights = job.weights
      return run
    }
  }

  /// Trains on all samples at once, without a trainer.
  private func byHand() throws -> (weights: [[Float]], losses: [Double]) {
    try onRanks(1) { group in
      let job = try SmallJob(group, batchSize: 12)
      var loader = job.loader
      var losses: [Double] = []
      for epoch in 0..<3 {
        loader.batchSampler.sampler.setEpoch(epoch)
        let batches = try loader.batches()
        while let batch = try batches.next() {
          job.optimizer.zeroGrad()
          let loss = try Self.weightedLoss(job.model, batch)
          let mean = loss.sum / loss.weight
          try mean.backward()
          losses.append(mean.item)
          try clipGradNorm(job.model.module.parameters, 0.5)
          try job.optimizer.step()
        }
      }
      return (job.weights, losses)
    }[0]
  }

  @Test(arguments: [
    (1, 12, 1), (1, 4, 3), (1, 1, 12), (2, 6, 1), (2, 3, 2), (3, 4, 1), (3, 1, 4), (4, 3, 1),
  ])
  func unevenRanksEqualOneProcess(ranks: Int, batchSize: Int, accumulation: Int) throws {
    let whole = try byHand()
    let runs = try train(ranks: ranks, batchSize: batchSize, accumulation: accumulation)
    for run in runs {
      #expect(largestDifference(run.weights, whole.weights) < 1e-6)
      #expect(run.epochs.count == 3)
      #expect(zip(run.epochs, whole.losses).allSatisfy { abs($0 - $1) < 1e-6 })
    }
    for step in 0..<3 {
      let weight = runs.reduce(0) { $0 + $1.sums[step].weight }
      let loss = runs.reduce(0) { $0 + $1.sums[step].loss } / weight
      #expect(weight == 18)
      #expect(abs(loss - whole.losses[step]) < 1e-6)
    }
  }

  /// The mean of the ranks' means has another gradient.
  @Test func meanLossesOfUnevenRanksDiffer() throws {
    let whole = try byHand()
    let weights = try onRanks(2) { group in
      let job = try SmallJob(group, batchSize: 6)
      let trainer = try job.trainer(TrainerOptions(.epochs(3), maxGradientNorm: 0.5))
      try trainer.fit(job.loader) { model, batch in
        let loss = try Self.weightedLoss(model, batch)
        return loss.sum / loss.weight
      }
      return job.weights
    }[0]
    #expect(largestDifference(weights, whole.weights) > 1e-5)
  }

  @Test func gradientScalerDoesNotChangeTheWeights() throws {
    let half = try train(ranks: 2, batchSize: 3, accumulation: 2, precision: .float16)
    let whole = try byHand()
    #expect(largestDifference(half[0].weights, whole.weights) < 1e-2)
    #expect(half[0].weights == half[1].weights)
  }

  @Test(arguments: [
    (-1.0, "a loss of step 0 on rank 1 has weight -1.0"),
    (.nan, "a loss of step 0 on rank 1 has weight nan"),
    (0, "all losses of step 0 have weight 0 on all ranks"),
  ])
  func wrongWeightThrowsOnAllRanks(weight: Double, words: String) throws {
    let messages = try onRanks(2) { group in
      let job = try SmallJob(group)
      let trainer = try job.trainer(TrainerOptions(.epochs(1)))
      let error = #expect(throws: TrainingError.self) {
        try trainer.fit(job.loader) { model, batch in
          WeightedLoss(
            sum: try SmallJob.loss(model, batch),
            weight: group.rank == 1 ? weight : weight == 0 ? 0 : 1)
        }
      }
      return error?.message ?? ""
    }
    for message in messages { #expect(message.contains(words), "\(message)") }
  }

  @Test func meanWithAWeightIsASum() {
    let loss = WeightedLoss(mean: Tensor([Float(0.5)]), weight: 6)
    #expect(loss.sum.item == 3)
    #expect(loss.weight == 6)
  }
}
