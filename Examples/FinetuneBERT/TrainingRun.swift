import Lockstep

/// The training: configures the `Trainer` and reports its progress.
final class TrainingRun {
  private let job: Job
  private let loader: DataLoader<Reviews, DistributedSampler, ReviewBatch>
  private let trainer: Trainer<BertForSequenceClassification>
  private let epochLosses = StatefulValue([Double]())

  /// The snapshot that training resumes from, if any.
  private(set) var resumed: ResumedSnapshot?

  /// The result of a run; steps and times count from the last start.
  struct Summary {
    var steps = 0
    var samples = 0
    var seconds = 0.0
    /// The part of `seconds` spent waiting for batches.
    var dataWaitSeconds = 0.0
    var epochLosses: [Double] = []
    /// The share of communication that overlapped the backward pass.
    var overlappedShare: Double?
  }

  init(
    _ job: Job, _ model: DistributedDataParallel<BertForSequenceClassification>,
    _ reviews: Reviews, paddingID: Int32, dataKey: ContentKey
  ) throws {
    let options = job.options
    let group = job.group
    self.job = job
    let sampler = try DistributedSampler(
      count: reviews.count, worldSize: group.worldSize, rank: group.rank, seed: options.seed)
    loader = try options.loader(reviews, sampler, paddingID: paddingID)
    let training = TrainerOptions(
      .epochs(options.epochs), gradientAccumulation: options.gradientAccumulation,
      maxGradientNorm: options.maxGradNorm, precision: options.precision.value)
    let optimizer = AdamW(TrainingRun.parameterGroups(of: model.module, options))
    let schedule = LinearSchedule(
      numWarmupSteps: options.warmupSteps,
      numTrainingSteps: training.stepCount(batchesPerEpoch: loader.count))
    trainer = try Trainer(model, optimizer, options: training)
    trainer.schedule = LearningRateScheduler(optimizer, schedule)
    trainer.dataKey = dataKey
    trainer.otherSettings = options.snapshotSettings
    trainer.parts = ["epoch-losses": epochLosses]
    if options.json != nil { model.loggingInterval = 1 }
    if let path = options.trace {
      let trace = Trace(rank: group.rank)
      // Writes the file now, so an unwritable path fails before training.
      try trace.write(to: path, group: group)
      trainer.trace = trace
    }
    if let folder = options.snapshots {
      let policy = SnapshotPolicy(
        epochs: options.saveEvery ?? 1, steps: options.saveEverySteps,
        interval: options.saveEverySeconds.map { .seconds($0) })
      let snapshots = try Snapshots(
        folder, group: group,
        options: .init(
          policy: policy, retention: .init(last: options.keepLast ?? 3), inform: { say($0) }))
      resumed = try trainer.resume(from: snapshots, loader)
      trainer.stop = job.stopRequest
    }
  }

  /// Trains, and returns `nil` if a stop request ended the training and a snapshot is saved.
  func run(_ report: Report) throws -> Summary? {
    let job = job
    let options = job.options
    let group = job.group
    let model = trainer.model
    var summary = Summary()
    var progress: ProgressBar<ContinuousClock>?
    trainer.callbacks = [
      TrainerCallback(
        epochStarted: { [loader] position in
          guard job.isMain else { return }
          var sampler = loader.batchSampler.sampler
          try sampler.setPosition(position.position)
          progress = ProgressBar(
            "epoch \(position.epoch + 1)/\(options.epochs)", total: sampler.count * group.worldSize)
        },
        stepEnded: { step in
          let samples = step.samples * group.worldSize
          let seconds = step.duration / .seconds(1)
          summary.steps += 1
          summary.samples += samples
          summary.seconds += seconds
          summary.dataWaitSeconds += step.phases.data / .seconds(1)
          progress?.advance(by: samples, fields: [.init("loss", step.loss)])
          var communication = 0
          if options.json != nil {
            let times = model.loggingData.times
            communication = times.communication - times.overlap
          }
          try report.step(
            step, samples: samples, seconds: seconds, communication: Double(communication) / 1e9,
            averaging: model.hasMeasuredStep ? model.loggingData.scalars : [:])
        },
        epochEnded: { [epochLosses] epoch in
          epochLosses.value.append(epoch.loss)
          progress?.finish()
          guard job.isMain else { return }
          say("epoch \(epoch.epoch + 1): average loss \(fixed(epoch.loss, 4))")
        })
    ]
    let outcome = try trainer.fit(loader) { model, batch in
      crossEntropy(
        try model(batch.tokens.to(job.device)), batch.labels.to(job.device))
    }
    if outcome == .stopRequested {
      try writeTrace()
      progress?.finish()
      if job.isMain { say("stopped after step \(trainer.progress?.step ?? 0), snapshot saved") }
      return nil
    }
    summary.epochLosses = epochLosses.value
    summary.overlappedShare =
      trainer.trace?.overlappedShare ?? model.loggingData.averageTimes.overlappedShare
    return summary
  }

  /// Writes the timeline, if it was requested.
  func writeTrace() throws {
    if let path = job.options.trace { try trainer.trace?.write(to: path, group: job.group) }
  }

  /// Parameter groups for AdamW: no weight decay for biases and LayerNorm.
  private static func parameterGroups(
    of model: BertForSequenceClassification, _ options: Options
  ) -> [ParameterGroup] {
    let named = model.namedParameters
    func isExempt(_ name: String) -> Bool { name.hasSuffix("bias") || name.contains("LayerNorm") }
    return [
      ParameterGroup(
        named.filter { !isExempt($0.name) }.map(\.tensor), learningRate: options.learningRate,
        weightDecay: options.weightDecay),
      ParameterGroup(
        named.filter { isExempt($0.name) }.map(\.tensor), learningRate: options.learningRate,
        weightDecay: 0),
    ]
  }
}
