import Collectives
import Foundation
import OperatorCounter
import ProcessHarness
import RankHarness
import Testing
import Torch
import Training

/// The host reads the result of a step; on a GPU, after it has enqueued the next step.
@Suite struct TrainerDeferredReadTests {
  /// On a GPU every read waits; each loss and norm is read once, and never within a step.
  @Test(arguments: [
    (false, [0, 2, 4, 6, 8, 10]), (true, [0, 0, 2, 4, 6, 8]),
  ])
  func eachValueIsReadOnce(deferred: Bool, atForward: [Int64]) throws {
    let counts = try onRanks(1) { group in
      let job = try SmallJob(group)  // 6 batches per epoch
      let trainer = try job.trainer(TrainerOptions(.epochs(1), maxGradientNorm: 0.2))
      trainer.defersReads = deferred
      var counts: [Int64] = []
      let counter = oc_start()
      defer { oc_stop(counter) }
      try trainer.fit(job.loader) { model, batch in
        counts.append(oc_reads())
        return try SmallJob.loss(model, batch)
      }
      return counts + [oc_reads()]
    }[0]
    #expect(counts == atForward + [12])
  }

  @Test func deferredReadsDoNotChangeResults() throws {
    func train(deferred: Bool) throws -> (values: [[Double]], weights: [[Float]], order: [String]) {
      try onRanks(1) { group in
        let job = try SmallJob(group, samples: 5)
        let trainer = try job.trainer(
          TrainerOptions(.epochs(2), gradientAccumulation: 2, maxGradientNorm: 0.2))
        trainer.defersReads = deferred
        var values: [[Double]] = []
        var order: [String] = []
        trainer.callbacks = [
          TrainerCallback(
            stepEnded: {
              values.append([Double($0.step), $0.loss, $0.gradientNorm ?? -1, $0.learningRate])
              order.append("step \($0.step) of \($0.samples)")
            },
            epochEnded: {
              values.append([$0.loss])
              order.append("epoch \($0.epoch)")
            })
        ]
        try trainer.fit(job.loader) { model, batch in
          order.append("forward")
          return try SmallJob.loss(model, batch)
        }
        return (values, job.weights, order)
      }[0]
    }
    let now = try train(deferred: false)
    let later = try train(deferred: true)
    #expect(now.values == later.values, "to the bit")
    #expect(now.weights == later.weights, "to the bit")
    func epoch(_ number: Int, deferred: Bool) -> [String] {
      let steps = ["step \(2 * number) of 4", "step \(2 * number + 1) of 1"]
      let forwards = ["forward", "forward"]
      return
        (deferred
        ? forwards + ["forward"] + steps : forwards + [steps[0], "forward", steps[1]])
        + ["epoch \(number)"]
    }
    #expect(now.order == epoch(0, deferred: false) + epoch(1, deferred: false))
    #expect(later.order == epoch(0, deferred: true) + epoch(1, deferred: true))
  }

  /// The loss and the gradients are finite, but the sum of the squared gradients overflows.
  ///
  /// If reads are deferred, the norm of step 2 is read after step 3, when a snapshot is due.
  @Test(arguments: [1, 2], [false, true])
  func nonFiniteNormIsDetectedBeforeSaving(saveEvery: Int, deferred: Bool) throws {
    let folder = try TestFolder()
    let outcome = attemptOnRanks(1) { [path = folder.path] group in
      let job = try SmallJob(group)
      let trainer = try job.trainer(TrainerOptions(.epochs(1), maxGradientNorm: 1))
      trainer.defersReads = deferred
      let snapshots = try Snapshots(
        path, group: group, options: .init(policy: .init(steps: saveEvery)))
      try trainer.resume(from: snapshots, job.loader)
      try trainer.fit(job.loader) { model, batch in
        try SmallJob.loss(model, batch) * (trainer.progress?.step == 2 ? 1e25 : 1)
      }
    }[0]
    #expect {
      try outcome.get()
    } throws: {
      ($0 as? TrainingError)?.code == .notFinite
        && "\($0)".contains("the gradient norm of step 2 in epoch 0 is inf on rank 0")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.filter { $0.hasPrefix("step-") }.max() == "step-000000002")
  }

  /// A step that is pending when a callback stops training is reported as well.
  @Test func everyStepIsReportedBeforeTrainingStops() throws {
    let (steps, progress) = try onRanks(1) { group in
      let job = try SmallJob(group)
      let trainer = try job.trainer(TrainerOptions(.epochs(1)))
      trainer.defersReads = true
      var steps: [Int] = []
      trainer.callbacks = [
        TrainerCallback(stepEnded: {
          steps.append($0.step)
          if $0.step == 1 { throw StopTraining() }
        })
      ]
      let end = try trainer.fit(job.loader, loss: SmallJob.loss)
      if case .completed = end { Issue.record("training completed although a callback stopped it") }
      return (steps, trainer.progress?.step)
    }[0]
    #expect(steps == [0, 1, 2])
    #expect(progress == 3)
  }
}
