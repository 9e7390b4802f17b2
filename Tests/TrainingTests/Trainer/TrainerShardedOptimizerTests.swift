import Collectives
import DataLoading
import DataParallel
import Foundation
import ProcessHarness
import RankHarness
import Testing
import Torch
import Training

/// Snapshots of a run whose optimizer is sharded over the ranks.
@Suite struct TrainerShardedOptimizerTests {
  enum Kind: Sendable { case adamW, sharded, shardedSGD }

  private struct Outcome: Sendable {
    var weights: [[Float]]
    var steps: [Int]
    var resumedStep: Int?
    var decisions: [String]
    /// The state of the unsharded optimizer, on rank 0.
    var state: UInt64?
  }

  private func train(
    _ kind: Kind, ranks: Int, in folder: String, stop: Int? = nil,
    policy: SnapshotPolicy = .everyEpoch, rate: Double = 0.01
  ) throws -> [Outcome] {
    try onRanks(ranks, timeout: .seconds(30)) { group in
      let job = try SmallJob(group, samples: 24)
      let groups = [
        // Of the same shapes as others, so that a wrong share would fit.
        ParameterGroup(job.model.module.parameters.filter { $0.ndim == 2 }, learningRate: rate),
        ParameterGroup(
          job.model.module.parameters.filter { $0.ndim == 1 }, learningRate: 2 * rate,
          weightDecay: 0.1),
      ]
      let optimizer: any Optimizer =
        switch kind {
        case .adamW: AdamW(groups)
        case .sharded: ZeroRedundancyOptimizer(groups, group: group) { AdamW($0) }
        case .shardedSGD: ZeroRedundancyOptimizer(groups, group: group) { SGD($0, momentum: 0.9) }
        }
      let trainer = try Trainer(job.model, optimizer, options: TrainerOptions(.epochs(3)))
      trainer.schedule = LearningRateScheduler(optimizer, LinearSchedule(numTrainingSteps: 99))
      let snapshots = try Snapshots(
        folder, group: group, options: .init(policy: policy, warn: { _ in }, inform: { _ in }))
      let resumed = try trainer.resume(from: snapshots, job.loader)
      var steps: [Int] = []
      trainer.callbacks = [
        TrainerCallback(stepEnded: { step in
          steps.append(step.step)
          if step.step == stop { throw StopTraining() }
        })
      ]
      try trainer.fit(job.loader, loss: SmallJob.loss)
      let state =
        try (optimizer as? any ShardedState).map { try $0.captureWholeState(to: 0) }
        ?? optimizer.captureState()
      return Outcome(
        weights: job.weights, steps: steps, resumedStep: resumed?.step,
        decisions: (resumed?.decisions ?? []).map(\.setting), state: state?.tensors.fingerprint)
    }
  }

  /// 24 samples in batches of 2, stopped in the middle of an epoch and at its end.
  @Test(arguments: [1, 2, 3], [Kind.sharded, .shardedSGD])
  func resumeIsBitExact(ranks: Int, kind: Kind) throws {
    let whole = try train(kind, ranks: ranks, in: TestFolder().path)
    let perEpoch = 12 / ranks
    #expect(whole[0].steps.count == 3 * perEpoch)
    for stop in [0, perEpoch / 2, 2 * perEpoch - 1] {
      let folder = try TestFolder()
      _ = try train(kind, ranks: ranks, in: folder.path, stop: stop)
      let rest = try train(kind, ranks: ranks, in: folder.path)
      #expect(rest[0].resumedStep == stop + 1 && rest[0].decisions == [])
      #expect(rest.map(\.weights) == whole.map(\.weights), "stopped after step \(stop)")
      #expect(rest[0].state == whole[0].state && whole[0].state != nil)
    }
  }

  /// A snapshot contains the state of the unsharded optimizer, to the bit.
  @Test(arguments: [1, 2, 3]) func snapshotHasTheSharesOfAllRanks(ranks: Int) throws {
    let files = try [Kind.adamW, .sharded].map { kind in
      let folder = try TestFolder()
      _ = try train(kind, ranks: ranks, in: folder.path)
      let step = String(format: "step-%09d", 3 * 12 / ranks)
      return try Safetensors.read(path: folder.file("\(step)/optimizer.safetensors")).tensors
    }
    // Two moments and a step count for each of four parameters.
    #expect(files[1].count == 12 && files[1].keys.sorted() == files[0].keys.sorted())
    #expect(files[1].fingerprint == files[0].fingerprint)
  }

  /// Takes no further step, so that the state is what was restored.
  @Test(arguments: [(2, 1), (2, 3), (1, 2), (3, 2), (4, 1), (1, 4)])
  func anyNumberOfRanksRestoresTheState(saved: Int, restored: Int) throws {
    let folder = try TestFolder()
    let before = try train(.sharded, ranks: saved, in: folder.path)
    for kind in [Kind.sharded, .adamW] {
      let after = try train(kind, ranks: restored, in: folder.path)
      #expect(after[0].steps == [] && after[0].resumedStep == 36 / saved)
      #expect(after[0].state == before[0].state)
      for rank in after { #expect(rank.weights == before[0].weights) }
    }
  }

  /// Ranks that resume with or without the wrapper continue to the same bits.
  @Test(arguments: [(2, 2), (2, 3), (3, 1)]) func shardingMayBeAddedAndRemoved(
    saved: Int, next: Int
  )
    throws
  {
    var weights: [[[Float]]] = []
    for first in [Kind.adamW, .sharded] {
      for second in [Kind.adamW, .sharded] {
        let folder = try TestFolder()
        _ = try train(first, ranks: saved, in: folder.path, stop: 4)
        let rest = try train(second, ranks: next, in: folder.path)
        #expect(rest[0].resumedStep == 5 && !rest[0].decisions.contains("optimizer"))
        weights.append(rest[0].weights)
      }
    }
    for other in weights.dropFirst() { #expect(other == weights[0]) }
  }

  @Test func anotherOptimizerIsRefusedOnAllRanks() throws {
    let folder = try TestFolder()
    _ = try train(.sharded, ranks: 2, in: folder.path)
    #expect {
      try train(.shardedSGD, ranks: 2, in: folder.path)
    } throws: { error in
      (error as? TrainingError)?.code == .mismatch && "\(error)".contains("optimizer")
        && "\(error)".contains("AdamW") && "\(error)".contains("SGD")
    }
  }

  @Test func changedLearningRateAppliesToAllShares() throws {
    let folder = try TestFolder()
    _ = try train(.sharded, ranks: 2, in: folder.path, stop: 2)
    let sharded = try train(.sharded, ranks: 2, in: folder.path, rate: 0.05)
    let other = try TestFolder()
    _ = try train(.adamW, ranks: 2, in: other.path, stop: 2)
    let whole = try train(.adamW, ranks: 2, in: other.path, rate: 0.05)
    #expect(sharded[0].decisions == ["learning rate"] && sharded[0].steps.count == 15)
    #expect(sharded.map(\.weights) == whole.map(\.weights))
  }
}
