import Collectives
import DataLoading
import DataParallel
import Torch
import Training
import Transformers

/// The training loop, by hand.
struct TrainingLoop {
  let job: Job
  let model: DistributedDataParallel<BertForSequenceClassification>
  let paddingID: Int32

  /// What one run of the loop comes to.
  struct Summary {
    var steps = 0
    var samples = 0
    var seconds = 0.0
    var epochLosses: [Double] = []
  }

  func run(_ reviews: InMemoryDataset<Review>, _ report: Report) throws -> Summary {
    let (options, group) = (job.options, job.group)
    var loader = try DataLoader(
      reviews,
      batches: BatchSampler(
        DistributedSampler(
          count: reviews.count, worldSize: group.worldSize, rank: group.rank, seed: options.seed),
        batchSize: options.batchSize)
    ) { [paddingID] in
      try ReviewBatch(
        $0, paddingID: paddingID, to: options.padToMaxLength ? .fixed(options.maxLength) : .longest)
    }
    let optimizer = AdamW(parameterGroups())
    let schedule = LinearSchedule(
      warmupSteps: options.warmupSteps, totalSteps: options.epochs * loader.count)
    let scheduler = LearningRateScheduler(optimizer, factor: schedule.factor)

    var summary = Summary()
    let clock = ContinuousClock()
    model.module.train()
    for epoch in 0..<options.epochs {
      loader.batchSampler.sampler.setEpoch(epoch)
      var progress = ProgressBar(
        "epoch \(epoch + 1)/\(options.epochs)",
        total: loader.batchSampler.sampler.count * group.worldSize)
      var lossSum = 0.0
      let batches = try loader.batches()
      var start = clock.now
      while let batch = try batches.next() {
        optimizer.zeroGrad()
        let learningRate = optimizer.groups[0].learningRate
        let loss = crossEntropy(
          try model(batch.tokens.moved(to: job.device)), batch.labels.moved(to: job.device))
        try loss.backward()
        optimizer.step()
        scheduler.step()

        let value = loss.item
        lossSum += value
        let seconds = (clock.now - start) / .seconds(1)
        start = clock.now
        let samples = batch.count * group.worldSize
        if job.isMain {
          progress.advance(by: samples, fields: [.init("loss", value)])
          try report.step(
            summary.steps, epoch: epoch, loss: value, learningRate: learningRate,
            samples: samples, seconds: seconds)
        }
        summary.steps += 1
        summary.samples += samples
        summary.seconds += seconds
      }
      let mean = try group.allReduce([lossSum / Double(loader.count)])[0] / Double(group.worldSize)
      summary.epochLosses.append(mean)
      if job.isMain {
        progress.finish()
        say("epoch \(epoch + 1): average loss \(fixed(mean, 4))")
      }
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
