internal import Collectives
public import DataLoading
public import DataParallel
public import Torch

/// The training loop: batches to losses to gradients to updates, on this rank and its peers.
///
/// It does what one would write by hand, and nothing more: accumulation of gradients without needless
/// communication, clipping, mixed precision, the schedule, and a place to continue from. What is
/// printed, measured and saved hangs on ``callbacks``.
///
/// ```swift
/// let trainer = try Trainer(parallel, optimizer, options: TrainerOptions(.epochs(3)))
/// trainer.schedule = LearningRateScheduler(optimizer, factor: schedule.factor)
/// trainer.callbacks = [TrainerCallback(stepEnded: { print($0.loss) })]
/// try trainer.fit(loader) { model, batch in
///   crossEntropy(try model(batch.inputs), batch.labels)
/// }
/// ```
///
/// One process alone is a group of one rank. For one thread; all ranks make the same calls.
public final class Trainer<Model: Module> {
  /// The model, which averages its gradients over the ranks.
  public let model: DistributedDataParallel<Model>
  /// What updates the parameters.
  public let optimizer: any Optimizer
  /// How long and how to train.
  public let options: TrainerOptions
  /// The gradient scaler, with ``Precision/float16``.
  public let scaler: GradientScaler?

  /// Goes on by one after each step that was not skipped; `nil` for constant rates.
  public var schedule: LearningRateScheduler?
  /// Measures the model at the end of each epoch.
  ///
  /// Runs in evaluation mode, without gradients, in the training's precision. What it returns goes to
  /// the callbacks.
  public var evaluation: ((Model) throws -> [String: Double])?
  /// Called in their order.
  public var callbacks: [TrainerCallback] = []
  /// How far training has come; set it to go on from a snapshot.
  public var position = TrainingPosition()

  /// Creates a trainer.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - optimizer: Holds the model's parameters.
  ///   - options: How long and how to train.
  /// - Throws: ``TorchError`` with code `invalidArgument` for options that make no sense.
  public init(
    _ model: DistributedDataParallel<Model>, _ optimizer: any Optimizer, options: TrainerOptions
  ) throws(TorchError) {
    try options.validate()
    self.model = model
    self.optimizer = optimizer
    self.options = options
    scaler = options.precision == .float16 ? try GradientScaler(options.scaler) : nil
  }

  /// Trains from ``position`` to the end that the options set.
  ///
  /// - Parameters:
  ///   - loader: This rank's batches; as many on every rank.
  ///   - loss: The mean loss over a batch, a scalar. Runs in the options' precision; backward, which
  ///     follows, does not.
  /// - Throws: What the data, the loss or a callback throws, but for ``StopTraining``;
  ///   ``TorchError`` with code `invalidArgument` for a loader without batches; ``CollectiveError``
  ///   when a peer has gone or is too late.
  public func fit<Samples, Indices: EpochSampler, Batch>(
    _ loader: DataLoader<Samples, Indices, Batch>,
    loss: (DistributedDataParallel<Model>, Batch) throws -> Tensor
  ) throws {
    guard loader.count > 0 else {
      throw TorchError(.invalidArgument, "trainer: the loader has no batch on this rank")
    }
    var loader = loader
    model.module.train()
    do {
      while !isFinished {
        loader.batchSampler.sampler.setEpoch(position.epoch)
        let batches = try loader.batches(from: position.batch)
        for callback in callbacks { try callback.epochStarted(position) }
        let clock = ContinuousClock()
        var start = clock.now
        while position.batch < loader.count, position.step < lastStep {
          let parts = loader.batchSampler.parts(
            from: position.batch, count: options.gradientAccumulation)
          var step = try makeStep(parts, batches, loss)
          step.duration = clock.now - start
          start = clock.now
          for callback in callbacks { try callback.stepEnded(step) }
        }
        try endEpoch(batchesPerEpoch: loader.count)
      }
    } catch is StopTraining {}
  }

  private var isFinished: Bool {
    switch options.length {
    case .epochs(let epochs): position.epoch >= epochs
    case .steps(let steps): position.step >= steps
    }
  }

  /// The step at which an epoch is left in its middle.
  private var lastStep: Int {
    // With epochs, steps do not count: a position may come from a job with more or fewer an epoch.
    if case .steps(let steps) = options.length { return steps }
    return .max
  }

  /// Makes one step of the optimizer from some batches, of `parts` samples each.
  private func makeStep<Batch>(
    _ parts: [Int], _ batches: LoadedBatches<Batch>,
    _ loss: (DistributedDataParallel<Model>, Batch) throws -> Tensor
  ) throws -> TrainingStep {
    optimizer.zeroGrad()
    let samples = parts.reduce(0, +)
    var losses: [Tensor] = []
    for (index, part) in parts.enumerated() {
      guard let batch = try batches.next() else {
        preconditionFailure("the loader ended before batch \(position.batch + index)")
      }
      // Weighted by its samples, a batch counts as it would inside one large batch.
      let weight = Double(part) / Double(samples)
      let isLast = index == parts.count - 1
      losses.append(
        try isLast
          ? backward(batch, weight, loss)
          : model.noSync { try backward(batch, weight, loss) })
    }
    let rate = optimizer.groups.first?.learningRate ?? 0
    let (norm, wasMade) = try update()
    if wasMade { schedule?.step() }

    let values = losses.map(\.item)
    position.lossSum += values.reduce(0, +)
    position.batch += parts.count
    position.step += 1
    return TrainingStep(
      step: position.step - 1, epoch: position.epoch,
      loss: zip(values, parts).map { $0 * (Double($1) / Double(samples)) }.reduce(0, +),
      samples: samples, learningRate: rate, gradientNorm: norm?.item, wasSkipped: !wasMade,
      duration: .zero)
  }

  /// Adds the gradients of one batch, and returns its loss outside the graph.
  private func backward<Batch>(
    _ batch: Batch, _ weight: Double,
    _ loss: (DistributedDataParallel<Model>, Batch) throws -> Tensor
  ) throws -> Tensor {
    let value = try options.precision.run(on: device) { try loss(model, batch) }
    let weighted = weight == 1 ? value : value * weight
    try (scaler?.scale(weighted) ?? weighted).backward()
    return value.detached()
  }

  /// Clips and updates; returns the norm, if asked for, and whether the update was made.
  private func update() throws -> (norm: Tensor?, wasMade: Bool) {
    try scaler?.unscale(optimizer)
    let norm = try options.maxGradientNorm.map {
      try clipGradientNorm(
        of: optimizer.groups.flatMap(\.parameters), to: $0,
        throwsIfNotFinite: options.stopsAtNonFiniteNorm && scaler == nil)
    }
    guard let scaler else {
      optimizer.step()
      return (norm, true)
    }
    let wasMade = try scaler.step(optimizer)
    try scaler.update()
    return (norm, wasMade)
  }

  private func endEpoch(batchesPerEpoch: Int) throws {
    let sum = try model.group.allReduce([position.lossSum / Double(position.batch)])[0]
    var result = TrainingEpoch(
      epoch: position.epoch, loss: sum / Double(model.group.worldSize), metrics: [:])
    if let evaluation {
      model.module.eval()
      defer { model.module.train() }
      result.metrics = try withoutGradients {
        try options.precision.run(on: device) { try evaluation(model.module) }
      }
    }
    if position.batch >= batchesPerEpoch {
      position.epoch += 1
      position.batch = 0
      position.lossSum = 0
    }
    for callback in callbacks { try callback.epochEnded(result) }
  }

  private var device: Device { model.module.parameters.first?.device ?? .cpu }
}

extension BatchSampler {
  /// The number of samples in each of the next batches, as many as there are left.
  func parts(from first: Int, count wanted: Int) -> [Int] {
    (first..<Swift.min(first + wanted, count)).map { batch in
      Swift.min(batchSize, sampler.count - batch * batchSize)
    }
  }
}
