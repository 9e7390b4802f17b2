import Collectives
import DataLoading
import DataParallel
import RankHarness
import Testing
import Torch
import Training

/// Training on randomly transformed samples.
@Suite struct AugmentedTrainingTests {
  private typealias Loader = DataLoader<InMemoryDataset<Int>, DistributedSampler, SmallJob.Batch>

  /// Adds noise to each sample and zeroes some of its features.
  private func loader(
    _ group: any ProcessGroup, workers: Int, samples: Int = 24
  ) throws -> Loader {
    try DataLoader(
      InMemoryDataset(Array(0..<samples)),
      batches: BatchSampler(
        DistributedSampler(count: samples, worldSize: group.worldSize, rank: group.rank, seed: 3),
        batchSize: 2), seed: 17, workers: workers
    ) { index, generator in
      let noise = Tensor.randn([1, 4], using: &generator)
      let kept = (0..<4).map { _ in Bool.random(using: &generator) ? Float(1) : 0 }
      return (index: index, x: (noise + Double(index)) * Tensor(kept, shape: [1, 4]))
    } collate: { samples in
      SmallJob.Batch(
        indices: samples.map(\.index), x: Tensor.cat(samples.map(\.x)),
        y: Tensor(samples.map { Float($0.index % 7) / 7 }, shape: [samples.count, 1]))
    }
  }

  /// Trains two epochs, optionally stopped after some steps and continued by another trainer.
  private func train(
    worldSize: Int, workers: Int, stopAfter: Int? = nil
  ) throws -> [[[Float]]] {
    try onRanks(worldSize) { group in
      let model = try DistributedDataParallel(SmallJob.Network(), group: group)
      let optimizer = SGD(model.module.parameters, learningRate: 0.01)
      var progress: TrainingProgress?
      for steps in [stopAfter, nil] where steps != nil || stopAfter == nil || progress != nil {
        let trainer = try Trainer(
          model, optimizer, options: TrainerOptions(steps.map { .steps($0) } ?? .epochs(2)))
        trainer.progress = progress
        try trainer.fit(try loader(group, workers: workers), loss: SmallJob.loss)
        progress = trainer.progress
        if stopAfter == nil { break }
      }
      return model.module.parameters.map { $0.array(of: Float.self) }
    }
  }

  @Test(arguments: [1, 2]) func threadsDoNotChangeTheWeights(worldSize: Int) throws {
    let expected = try train(worldSize: worldSize, workers: 0)
    #expect(expected.allSatisfy { $0 == expected[0] })
    for workers in [1, 2, 4, 7] {
      #expect(try train(worldSize: worldSize, workers: workers) == expected)
    }
  }

  @Test(arguments: [1, 2, 4, 7, 11]) func resumedEpochEndsWithTheSameWeights(steps: Int) throws {
    let expected = try train(worldSize: 1, workers: 4)
    #expect(try train(worldSize: 1, workers: 2, stopAfter: steps) == expected)
  }

  @Test(arguments: [1, 2, 3, 4]) func ranksDoNotChangeTheSamples(worldSize: Int) throws {
    let batches = try onRanks(worldSize) { group in
      let batches = try loader(group, workers: group.rank).batches()
      var samples: [Int: [Float]] = [:]
      while let batch = try batches.next() {
        for (row, index) in batch.indices.enumerated() {
          samples[index] = batch.x.select(dim: 0, index: row).array()
        }
      }
      return samples
    }
    let alone = try onRanks(1) { group in
      let batches = try loader(group, workers: 0).batches()
      var samples: [Int: [Float]] = [:]
      while let batch = try batches.next() {
        for (row, index) in batch.indices.enumerated() {
          samples[index] = batch.x.select(dim: 0, index: row).array()
        }
      }
      return samples
    }
    let joined = batches.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    #expect(joined.count == 24)
    #expect(joined == alone[0])
  }
}
