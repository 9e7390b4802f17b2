public import Collectives
public import DataLoading
public import DataParallel
public import Torch
public import Worker

/// The training loop: batches to losses to gradients to updates, on this rank and its peers.
///
/// It does what one would write by hand, and nothing more: accumulation of gradients without needless
/// communication, clipping, mixed precision, the schedule, and a place to continue from. What is
/// printed and measured hangs on ``callbacks``; ``resume(from:_:)`` has it saved, and go on from there.
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
///
/// On a GPU the host runs ahead: it reads a step's loss and norm when it has given the GPU the next step, and so waits
/// for nothing that the GPU has not done already. Callbacks come that much later there; at an epoch's end, before a
/// snapshot and when training stops every step has been read. With ``Precision/float16`` each step is waited for, because
/// the scaler decides from its gradients whether it is made.
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
  /// Asked after each step whether this or another rank has to stop; `fit` then saves and ends.
  public var stop: StopRequest? {
    didSet { stopAgreement = stop.map { StopAgreement($0, group: model.group) } }
  }
  /// Parts of the program's own that are saved with the training, equal on all ranks.
  public var parts: SnapshotParts = [:]
  /// Which figure of ``evaluation`` the snapshot at an epoch's end carries, for
  /// ``SnapshotRetention/best``; `nil` for the epoch's mean loss.
  public var snapshotMetric: String?
  /// Where each step's batch, forward, backward, buckets and update are recorded; `nil` for nowhere.
  public var trace: Trace?
  /// How far training has come, or `nil` before its start.
  ///
  /// Set it to go on without a snapshot.
  public var progress: TrainingProgress?

  var snapshots: Snapshots?
  let epochLoss = EpochLoss()
  /// Whether a step is read when the next one is under way; `nil`: on every device but the CPU.
  var readsBehind: Bool?
  private var stopAgreement: StopAgreement?
  private var unread: OpenStep?
  private let stepReport = StepReport()
  private var phases = StepPhases()

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

  /// Trains from where it is, the start or the snapshot that it went on from, to the end that the
  /// options set.
  ///
  /// - Parameters:
  ///   - loader: This rank's batches; as many on every rank.
  ///   - loss: The mean loss over a batch, a scalar. Runs in the options' precision; backward, which
  ///     follows, does not.
  /// - Returns: Whether it came to that end, or was stopped before; if it keeps snapshots, the last one
  ///   is that of this moment, and is written.
  /// - Throws: What the data, the loss or a callback throws, but for ``StopTraining``;
  ///   ``TrainingError`` with code `notFinite` when the loss or the norm of the gradients is infinite
  ///   or no number, with code `invalidArgument` for a ``snapshotMetric`` that the evaluation does not
  ///   give, and those of snapshots; ``TorchError`` with code `invalidArgument` for a loader without batches;
  ///   ``CollectiveError`` when a peer has gone or is too late.
  @discardableResult
  public func fit<Samples, Indices: EpochSampler, Batch>(
    _ loader: DataLoader<Samples, Indices, Batch>,
    loss: (DistributedDataParallel<Model>, Batch) throws -> Tensor
  ) throws -> TrainingEnd {
    guard loader.count > 0 else {
      throw TorchError(.invalidArgument, "trainer: the loader has no batches on this rank")
    }
    var loader = loader
    var now = progress ?? TrainingProgress(loader.batchSampler.sampler.position)
    var end = TrainingEnd.completed
    var metric: Double?
    unread = nil
    let isBehind = readsBehind ?? (device != .cpu)
    model.module.train()
    if let trace { model.record(in: trace) }
    defer { if trace != nil { model.record(in: nil) } }
    do {
      while !isFinished(now) {
        try loader.batchSampler.sampler.setPosition(now.position)
        let batches = try loader.batches()
        for callback in callbacks { try callback.epochStarted(now) }
        let clock = ContinuousClock()
        var start = clock.now
        var used = 0
        while used < loader.count, now.step < lastStep {
          let parts = loader.batchSampler.parts(
            from: used, count: options.gradientAccumulation)
          let step = try makeStep(parts, batches, now, loss)
          let ended = isBehind ? unread : step
          unread = isBehind ? step : nil
          if let ended { try read(ended) }
          used += parts.count
          now.finishStep(samples: step.step.samples * model.group.worldSize)
          metric = nil
          progress = now
          step.step.duration = clock.now - start
          start = clock.now
          stepReport.report(step.step.step)
          if let ended { try tell(ended) }
          if try stopAgreement?.isReached() == true { throw StopTraining() }
          // The last one's snapshot is the epoch's, and carries its figure.
          if used < loader.count, now.step < lastStep { try saveIfDue(now) }
        }
        try endSteps()
        let epoch = try endEpoch(now.epoch)
        if used == loader.count {
          now.finishEpoch()
          progress = now
          epochLoss.reset()
        }
        for callback in callbacks { try callback.epochEnded(epoch) }
        metric = try snapshotMetric(of: epoch)
        try saveIfDue(now, metric)
      }
    } catch is StopTraining {
      end = .stopped
      do { try endSteps() } catch is StopTraining {}
    }
    try saveLast(now, metric)
    return end
  }

  private func isFinished(_ progress: TrainingProgress) -> Bool {
    switch options.length {
    case .epochs(let epochs): progress.epoch >= epochs
    case .steps(let steps): progress.step >= steps
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
    _ parts: [Int], _ batches: LoadedBatches<Batch>, _ now: TrainingProgress,
    _ loss: (DistributedDataParallel<Model>, Batch) throws -> Tensor
  ) throws -> OpenStep {
    phases = StepPhases()
    optimizer.zeroGrad()
    let samples = parts.reduce(0, +)
    var losses: [Tensor] = []
    for (index, part) in parts.enumerated() {
      guard let batch = try measure("batch", { try timed(\.data, batches.next) }) else {
        preconditionFailure("the loader ended \(parts.count - index) batches early")
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
    let (norm, wasMade) = try measure("optimizer") { try timed(\.update, update) }
    if wasMade { schedule?.step() }
    return OpenStep(
      TrainingStep(
        step: now.step, epoch: now.epoch, loss: .nan, samples: samples, learningRate: rate,
        gradientNorm: nil, wasSkipped: !wasMade, duration: .zero, phases: phases),
      losses: losses, parts: parts, norm: norm)
  }

  /// Reads what a step came to, and ends training where that makes no sense.
  private func read(_ open: OpenStep) throws {
    let losses = open.read()
    let step = open.step
    // With a scaler a step that overflowed was skipped, and the weights are as they were.
    if !step.wasSkipped, options.stopsAtNonFinite {
      for loss in losses { try requireFinite("loss", loss, step) }
      if let norm = step.gradientNorm { try requireFinite("gradient norm", norm, step) }
    }
    epochLoss.add(losses)
  }

  private func tell(_ open: OpenStep) throws {
    for callback in callbacks { try callback.stepEnded(open.step) }
  }

  /// Reads the step that is under way, if there is one.
  func endSteps() throws {
    guard let step = unread else { return }
    unread = nil
    try read(step)
    try tell(step)
  }

  private func requireFinite(
    _ what: String, _ value: Double, _ step: TrainingStep
  ) throws(TrainingError) {
    guard !value.isFinite else { return }
    throw TrainingError(
      .notFinite,
      "the \(what) of step \(step.step) in epoch \(step.epoch) is \(value) on rank "
        + "\(model.group.rank): training cannot continue. Lower the learning rate, clip gradients, "
        + "or check the data for bad samples")
  }

  /// Adds the gradients of one batch, and returns its loss outside the graph.
  private func backward<Batch>(
    _ batch: Batch, _ weight: Double,
    _ loss: (DistributedDataParallel<Model>, Batch) throws -> Tensor
  ) throws -> Tensor {
    let value = try timed(\.forward) {
      try options.precision.run(on: device) { try loss(model, batch) }
    }
    let weighted = weight == 1 ? value : value * weight
    try timed(\.backward) { try (scaler?.scale(weighted) ?? weighted).backward() }
    return value.detached()
  }

  private func timed<Result>(
    _ phase: WritableKeyPath<StepPhases, Duration>, _ body: () throws -> Result
  ) rethrows -> Result {
    let start = ContinuousClock.now
    defer { phases[keyPath: phase] += ContinuousClock.now - start }
    return try body()
  }

  /// Clips and updates; returns the norm, if asked for, and whether the update was made.
  private func update() throws -> (norm: Tensor?, wasMade: Bool) {
    try scaler?.unscale(optimizer)
    let parameters = optimizer.groups.flatMap(\.parameters)
    guard let scaler else {
      let clipping = try options.maxGradientNorm.map { try clippingFactor(of: parameters, to: $0) }
      if let factor = clipping?.factor {
        optimizer.step(scalingGradientsBy: factor)
      } else {
        optimizer.step()
      }
      return (clipping?.norm, true)
    }
    let norm = try options.maxGradientNorm.map { try clipGradientNorm(of: parameters, to: $0) }
    let wasMade = try scaler.step(optimizer)
    try scaler.update()
    return (norm, wasMade)
  }

  /// Runs a part of a step, and records it if the step is recorded.
  private func measure<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
    try trace.measure(name, body)
  }

  private func endEpoch(_ number: Int) throws -> TrainingEpoch {
    var epoch = TrainingEpoch(
      epoch: number, loss: try epochLoss.mean(over: model.group), metrics: [:])
    if let evaluation {
      model.module.eval()
      defer { model.module.train() }
      epoch.metrics = try withoutGradients {
        try options.precision.run(on: device) { try evaluation(model.module) }
      }
    }
    return epoch
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
