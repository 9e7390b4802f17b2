import Collectives
import DataLoading
import DataParallel
import Torch
import Training
import Transformers

/// The training: what the `Trainer` is given, and what is shown while it works.
struct TrainingRun {
  let job: Job
  let model: DistributedDataParallel<BertForSequenceClassification>
  let paddingID: Int32

  /// What the run comes to.
  struct Summary {
    var steps = 0
    var samples = 0
    var seconds = 0.0
    var epochLosses: [Double] = []
  }

  func run(_ reviews: InMemoryDataset<Review>, _ report: Report) throws -> Summary {
    let (options, group) = (job.options, job.group)
    let loader = try DataLoader(
      reviews,
      batches: BatchSampler(
        DistributedSampler(
          count: reviews.count, worldSize: group.worldSize, rank: group.rank, seed: options.seed),
        batchSize: options.batchSize)
    ) { [paddingID] in
      try ReviewBatch(
        $0, paddingID: paddingID, to: options.padToMaxLength ? .fixed(options.maxLength) : .longest)
    }
    let training = TrainerOptions(
      .epochs(options.epochs), gradientAccumulation: options.gradientAccumulation,
      maxGradientNorm: options.maxGradNorm, precision: options.precision.precision)
    let optimizer = AdamW(parameterGroups())
    let schedule = LinearSchedule(
      warmupSteps: options.warmupSteps,
      totalSteps: training.stepCount(batchesPerEpoch: loader.count))

    let trainer = try Trainer(model, optimizer, options: training)
    trainer.schedule = LearningRateScheduler(optimizer, factor: schedule.factor)
    var summary = Summary()
    var progress: ProgressBar<ContinuousClock>?
    trainer.callbacks = [
      TrainerCallback(
        epochStarted: { position in
          guard job.isMain else { return }
          progress = ProgressBar(
            "epoch \(position.epoch + 1)/\(options.epochs)",
            total: loader.batchSampler.sampler.count * group.worldSize)
        },
        stepEnded: { step in
          let samples = step.samples * group.worldSize
          let seconds = step.duration / .seconds(1)
          summary.steps += 1
          summary.samples += samples
          summary.seconds += seconds
          progress?.advance(by: samples, fields: [.init("loss", step.loss)])
          try report.step(
            step.step, epoch: step.epoch, loss: step.loss, learningRate: step.learningRate,
            gradientNorm: step.gradientNorm, samples: samples, seconds: seconds)
        },
        epochEnded: { epoch in
          summary.epochLosses.append(epoch.loss)
          progress?.finish()
          guard job.isMain else { return }
          say("epoch \(epoch.epoch + 1): average loss \(fixed(epoch.loss, 4))")
        })
    ]
    try trainer.fit(loader) { model, batch in
      crossEntropy(
        try model(batch.tokens.moved(to: job.device)), batch.labels.moved(to: job.device))
    }
    return summary
  }

  /// AdamW's groups: biases and LayerNorm weights are not decayed.
  private func parameterGroups() -> [ParameterGroup] {
    let options = job.options
    let named = model.module.namedParameters
    func isExempt(_ name: String) -> Bool { name.hasSuffix("bias") || name.contains("LayerNorm") }
    return [
      ParameterGroup(
        named.filter { !isExempt($0.name) }.map(\.tensor), learningRate: options.learningRate,
        weightDecay: options.weightDecay),
      ParameterGroup(
        named.filter { isExempt($0.name) }.map(\.tensor), learningRate: options.learningRate),
    ]
  }
}
