import Collectives
import DataLoading
import ProcessHarness
import Synchronization
import Torch
import Training

/// Collects warnings.
final class Warnings: Sendable {
  private let all = Mutex<[String]>([])
  var texts: [String] { all.withLock { $0 } }
  func add(_ text: String) { all.withLock { $0.append(text) } }
}

/// A small training job whose steps depend on its whole state.
///
/// That is the weights, moments, schedule, data order and, if `isNoisy`, libtorch's generator. The
/// generator is global to the process, so a noisy job needs its own process.
final class SnapshotJob {
  let model: Linear
  let optimizer: AdamW
  let scheduler: LearningRateScheduler
  let seen = StatefulValue([[Int]]())
  var sampler: DistributedSampler
  var progress: TrainingProgress
  let worldSize: Int
  private let batchSize = 3
  private let isNoisy: Bool

  init(
    outputs: Int = 2, samples: Int = 20, rank: Int = 0, worldSize: Int = 1, isNoisy: Bool = false
  ) throws {
    let model = Linear(4, outputs)
    noGrad {
      model.weight.copy_(Tensor((0..<4 * outputs).map { Float($0) }, shape: [outputs, 4]))
      model.bias?.zero_()
    }
    self.model = model
    self.isNoisy = isNoisy
    optimizer = AdamW([ParameterGroup(model.parameters, learningRate: 0.1)])
    scheduler = LearningRateScheduler(
      optimizer, factor: LinearSchedule(numTrainingSteps: 1000).factor)
    sampler = try DistributedSampler(count: samples, worldSize: worldSize, rank: rank, seed: 1)
    progress = TrainingProgress(sampler.position)
    self.worldSize = worldSize
  }

  var parts: SnapshotParts {
    ["model": model, "optimizer": optimizer, "schedule": scheduler]
  }

  var fingerprint: UInt64 { model.stateDict.fingerprint }

  /// Runs steps and calls `afterStep` after each.
  func run(steps: Int, _ afterStep: () throws -> Void = {}) throws {
    let end = progress.step + steps
    while progress.step < end {
      try sampler.setPosition(progress.position)
      let batches = try BatchSampler(sampler, batchSize: batchSize).batches()
      for batch in batches where progress.step < end {
        optimizer.zeroGrad()
        let x = Tensor(batch.map { Float($0) / 10 }, shape: [batch.count, 1]).expand([
          batch.count, 4,
        ])
        let out = try model(isNoisy ? x + Tensor.randn([batch.count, 4]) : x)
        try mseLoss(out, Tensor.zeros(out.shape)).backward()
        try optimizer.step()
        scheduler.step()
        seen.value.append(Array(batch))
        progress.finishStep(samples: batch.count * worldSize)
        try afterStep()
      }
      if sampler.position.consumed + batches.map(\.count).reduce(0, +) * worldSize
        == progress.position.consumed
      {
        progress.finishEpoch()
      }
    }
  }
}
