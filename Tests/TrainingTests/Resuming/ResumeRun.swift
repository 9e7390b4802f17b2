import Collectives
import DataLoading
import DataParallel
import Foundation
import RankHarness
import Synchronization
import Torch
import Training

/// The options of a small training run: 24 samples; by default 12 steps per epoch, 4 epochs.
struct ResumeRun: Sendable {
  enum Kind { case sgd, adamW }
  enum Schedule { case none, linear(warmup: Int), halving }

  var ranks = 1
  var batchSize = 2
  var accumulation = 1
  var length = TrainerOptions.Length.epochs(4)
  var kind = Kind.sgd
  var rate = 0.1
  var decay = 0.0
  var momentum = 0.5
  var schedule = Schedule.linear(warmup: 0)
  var precision = Precision.float32
  var scaler = GradientScaler.State(scale: 16)
  var clipping: Double?
  var seed = 3
  var samples = 24
  var data: String?
  var others: [String: String] = [:]

  /// What rank 0 saw.
  struct Outcome: Sendable {
    /// The learning rate of each step.
    var rates: [Double] = []
    var steps: [Int] = []
    var decisions: [ResumeDecision] = []
    var lines: [String] = []
    var resumedStep: Int?
    var weightDecay = 0.0
    var momentum = "none"
    var scaler: GradientScaler.State?
    var weights: [[Float]] = []
    var end = TrainingOutcome.completed
  }

  /// Resumes from the folder, trains, and stops after the step `stop`.
  func train(in folder: String, stop: Int? = nil) throws -> Outcome {
    try onRanks(ranks) { group in
      let job = try SmallJob(group, samples: samples, batchSize: batchSize, seed: seed)
      let groups = [
        ParameterGroup(job.model.module.parameters, learningRate: rate, weightDecay: decay)
      ]
      let optimizer: any Optimizer =
        kind == .sgd ? SGD(groups, momentum: momentum) : AdamW(groups)
      let options = TrainerOptions(
        length, gradientAccumulation: accumulation, maxGradientNorm: clipping,
        precision: precision, scaler: scaler)
      let trainer = try Trainer(job.model, optimizer, options: options)
      let total = options.stepCount(batchesPerEpoch: job.loader.count)
      switch schedule {
      case .none: break
      case .linear(let warmup):
        trainer.schedule = LearningRateScheduler(
          optimizer, LinearSchedule(numWarmupSteps: warmup, numTrainingSteps: total))
      case .halving:
        trainer.schedule = LearningRateScheduler(optimizer) { $0 < total / 2 ? 1 : 0.5 }
      }
      if let data {
        var key = ContentKey()
        key.add(data)
        trainer.dataKey = key
      }
      trainer.otherSettings = others
      var outcome = Outcome()
      let lines = Warnings()
      let snapshots = try Snapshots(
        folder, group: group, options: .init(warn: { _ in }, inform: { lines.add($0) }))
      let resumed = try trainer.resume(from: snapshots, job.loader)
      outcome.resumedStep = resumed?.step
      outcome.decisions = resumed?.decisions ?? []
      outcome.lines = lines.texts
      outcome.weightDecay = optimizer.groups[0].weightDecay
      if let value = try optimizer.stateDict().groups[0].hyperparameters["momentum"] {
        outcome.momentum = "\(try value.decoded(as: Double.self))"
      }
      outcome.scaler = trainer.scaler?.state
      trainer.callbacks = [
        TrainerCallback(stepEnded: { step in
          outcome.rates.append(step.learningRate)
          outcome.steps.append(step.step)
          if step.step == stop { throw StopTraining() }
        })
      ]
      outcome.end = try trainer.fit(job.loader, loss: SmallJob.loss)
      outcome.weights = job.weights
      return outcome
    }[0]
  }

  /// Returns a copy with other options.
  func with(_ change: (inout ResumeRun) -> Void) -> ResumeRun {
    var copy = self
    change(&copy)
    return copy
  }
}
