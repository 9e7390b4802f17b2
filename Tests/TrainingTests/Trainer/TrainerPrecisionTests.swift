import Collectives
import DataParallel
import RankHarness
import Testing
import Torch
import Training

@Suite struct TrainerPrecisionTests {
  @Test(arguments: [Precision.bfloat16, .float16])
  func precisionAppliesToForwardAndEvaluationButNotToWeights(precision: Precision) throws {
    let (weights, reference) = try onRanks(2) { group -> ([[Float]], [[Float]]) in
      func train(_ precision: Precision) throws -> [[Float]] {
        let job = try SmallJob(group)
        let trainer = try job.trainer(TrainerOptions(.epochs(4), precision: precision))
        trainer.evaluation = { network in
          let output = try network(Tensor.zeros([1, 4]))
          #expect(output.dtype == precision.dtype)
          return [:]
        }
        try trainer.fit(job.loader) { model, batch in
          let output = try model(batch.x)
          #expect(output.dtype == precision.dtype)
          return mseLoss(output, batch.y)
        }
        #expect(job.model.module.parameters.allSatisfy { $0.dtype == .float32 })
        #expect(autocastDType(on: .cpu) == nil)
        return job.weights
      }
      return (try train(precision), try train(.float32))
    }[0]
    // 24 steps at a rate of 0.1, each with a relative error of about 2⁻⁸ in the gradients.
    #expect(largestDifference(weights, reference) < 0.02)
    #expect(weights != reference)
  }

  /// The loss of one rank overflows in its second step; all ranks must skip that step.
  @Test(arguments: [Double.infinity, -.infinity, .nan], [1, 2])
  func overflowOnOneRankSkipsTheStepOnAllRanks(factor: Double, accumulation: Int) throws {
    struct Outcome: Equatable {
      var skipped: [Bool] = []
      var scales: [Double] = []
      var rates: [Double] = []
      var weights: [[[Float]]] = []
    }
    let outcomes = try onRanks(2) { group in
      let job = try SmallJob(group)  // 3 batches of 2 per epoch
      let trainer = try job.trainer(
        TrainerOptions(
          .steps(4), gradientAccumulation: accumulation, maxGradientNorm: 1, precision: .float16,
          scaler: .init(scale: 1024, growthInterval: 2)))
      trainer.schedule = LearningRateScheduler(job.optimizer) { 1 / Double($0 + 1) }
      var outcome = Outcome()
      trainer.callbacks = [
        TrainerCallback(stepEnded: { step in
          outcome.skipped.append(step.wasSkipped)
          outcome.scales.append(trainer.scaler?.scale ?? 0)
          outcome.rates.append((0.1 / step.learningRate).rounded())
          outcome.weights.append(job.weights)
        })
      ]
      try trainer.fit(job.loader) { model, batch in
        let loss = try SmallJob.loss(model, batch)
        return group.rank == 1 && trainer.progress?.step == 1 ? loss * factor : loss
      }
      return outcome
    }
    #expect(outcomes[0] == outcomes[1])
    #expect(outcomes[0].skipped == [false, true, false, false])
    #expect(outcomes[0].scales == [1024, 512, 512, 1024])
    #expect(outcomes[0].rates == [1, 2, 2, 3], "a skipped step does not advance the schedule")
    #expect(outcomes[0].weights[0] == outcomes[0].weights[1])
    #expect(outcomes[0].weights[1] != outcomes[0].weights[2])
  }
}
