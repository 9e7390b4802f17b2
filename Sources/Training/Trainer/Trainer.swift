internal import Collectives
public import DataLoading
public import DataParallel
public import Torch
public import Worker

/// A distributed training loop.
///
/// Implements gradient accumulation without redundant communication, clipping, mixed precision, and
/// the learning rate schedule. Use ``callbacks`` to print and measure, and ``resume(from:_:)`` for
/// snapshots.
///
/// ```swift
/// let trainer = try Trainer(parallel, optimizer, options: TrainerOptions(.epochs(3)))
/// trainer.schedule = LearningRateScheduler(optimizer, schedule)
/// trainer.callbacks = [TrainerCallback(stepEnded: { print($0.loss) })]
/// try trainer.fit(loader) { model, batch in
///   crossEntropy(try model(batch.inputs), batch.labels)
/// }
/// ```
///
/// A single process uses a group of one rank. Not thread-safe; all ranks make the same calls.
///
/// On a GPU the host reads a step's loss and gradient norm only after it has enqueued the next
/// step, so it does not stall the GPU. Callbacks therefore run one step late. Every step is read
/// before the epoch ends, before a snapshot is saved, and when training stops. With
/// ``Precision/float16`` the host waits for each step, because the scaler needs its gradients to
/// decide whether to skip it.
///
/// It has many properties because users set its options as properties between `init` and `fit`.
public final class Trainer<Model: Module> {
  /// The model, whose gradients are averaged over the ranks.
  public let model: DistributedDataParallel<Model>
  /// The optimizer, which updates the parameters.
  public let optimizer: any Optimizer
  /// How long and how to train.
  public let options: TrainerOptions
  /// The gradient scaler, with ``Precision/float16``.
  public let scaler: GradientScaler?

  /// Advances after each step that was not skipped; `nil` for constant learning rates.
  public var schedule: LearningRateScheduler?
  /// Evaluates the model at the end of each epoch.
  ///
  /// Runs in evaluation mode, without gradients, in the training precision. The callbacks receive
  /// the metrics that it returns. If a snapshot is due at the end of the epoch, it is saved before
  /// the evaluation, which may fail, and again with the metrics.
  ///
  /// Capture the trainer as `[unowned trainer]` if the closure uses it; otherwise neither is ever
  /// released.
  public var evaluation: ((Model) throws -> [String: Double])?
  /// The callbacks, called in order.
  public var callbacks: [TrainerCallback] = []
  /// The stop request, checked after each step.
  ///
  /// If any rank is asked to stop, `fit` saves a snapshot, if snapshots are enabled, and returns.
  public var stop: StopRequest? {
    didSet { stopAgreement = stop.map { StopAgreement($0, group: model.group) } }
  }
  /// Additional parts to save in snapshots; they must be equal on all ranks.
  public var parts: SnapshotParts = [:]
  /// The fingerprint of the training data, which snapshots record.
  ///
  /// A snapshot of other data is refused. If it is `nil`, only the number of samples and their
  /// order are compared.
  public var dataKey: ContentKey?
  /// Further settings that the results depend on, such as a dropout probability, by name.
  ///
  /// Snapshots record them, and ``resume(from:_:)`` reports those that changed.
  public var otherSettings: [String: String] = [:]
  /// The metric of ``evaluation`` that ``SnapshotRetention/best`` compares.
  ///
  /// `nil` for the epoch's mean loss.
  public var snapshotMetric: String?
  /// Records the batch, forward, backward, bucket and update times of each step, if set.
  public var trace: Trace?
  /// The progress of training; `nil` before it starts.
  ///
  /// Set it to resume without a snapshot.
  public var progress: TrainingProgress?

  var snapshots: Snapshots?
  let epochLoss = EpochLoss()
  /// Whether to read a step's loss only after the next step is enqueued.
  ///
  /// `nil` means yes for every device except the CPU.
  package var defersReads: Bool?
  private var stopAgreement: StopAgreement?
  private var pendingStep: PendingStep?
  private let stepReport = StepReport()
  private var phases = StepPhases()

  /// Creates a trainer.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - optimizer: The optimizer of the model's parameters.
  ///   - options: How long and how to train.
  /// - Throws: ``TorchError`` with code `invalidArgument` if an option is invalid.
  public init(
    _ model: DistributedDataParallel<Model>, _ optimizer: any Optimizer, options: TrainerOptions
  ) throws(TorchError) {
    try options.validate()
    self.model = model
    self.optimizer = optimizer
    self.options = options
    scaler = options.precision == .float16 ? try GradientScaler(options.scaler) : nil
  }

  /// Trains from ``progress`` to the length set in the options.
  ///
  /// - Parameters:
  ///   - loader: This rank's batches; every rank must have the same number.
  ///   - loss: Returns the mean loss of a batch, a scalar. Runs in the options' precision; the
  ///     backward pass that follows does not.
  /// - Returns: Whether training completed, a callback ended it, or a request to stop interrupted
  ///   it. If snapshots are enabled, a snapshot of the final state is on disk.
  /// - Throws: Errors of the data set, the loss and the callbacks, except ``StopTraining``;
  ///   ``TrainingError`` with code `notFinite` if the loss or the gradient norm is infinite or NaN,
  ///   with code `invalidArgument` if the evaluation does not return ``snapshotMetric``, and the
  ///   errors of ``Snapshots``; ``TorchError`` with code `invalidArgument` if the loader has no
  ///   batches; ``CollectiveError`` if a peer is lost or times out.
  @discardableResult
  public func fit<Samples, Indices: EpochSampler, Batch>(
    _ loader: DataLoader<Samples, Indices, Batch>,
    loss: (DistributedDataParallel<Model>, Batch) throws -> Tensor
  ) throws -> TrainingOutcome {
    guard loader.count > 0 else {
      throw TorchError(.invalidArgument, "trainer: the loader has no batches on this rank")
    }
    var loader = loader
    var now = progress ?? TrainingProgress(loader.batchSampler.sampler.position)
    var end = TrainingOutcome.completed
    var metric: Double?
    pendingStep = nil
    try snapshots?.lockFolder()
    // A closure that refers to the trainer may keep it, and the snapshots, in memory.
    defer { snapshots?.unlockFolder() }
    let isDeferred = defersReads ?? (device != .cpu)
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
          let sizes = loader.batchSampler.batchSizes(
            from: used, limit: options.gradientAccumulation)
          let step = try runStep(sizes, batches, now, loss)
          let ended = isDeferred ? pendingStep : step
          pendingStep = isDeferred ? step : nil
          if let ended { try read(ended) }
          used += sizes.count
          now.finishStep(samples: step.step.samples * model.group.worldSize)
          metric = nil
          progress = now
          step.step.duration = clock.now - start
          start = clock.now
          stepReport.report(step.step.step)
          if let ended { try notifyStepEnded(ended) }
          if try stopAgreement?.isReached() == true {
            end = .stopRequested
            throw StopTraining()
          }
          // The epoch's last step is saved below, with the epoch's metric.
          if used < loader.count, now.step < lastStep { try saveIfDue(now) }
        }
        try readPendingStep()
        var next = now
        if used == loader.count { next.finishEpoch() }
        // Without a step, the weights are those of the snapshot that training resumed from.
        if used > 0 { try saveBeforeEvaluation(now, next: next) }
        let epoch = try endEpoch(now.epoch)
        if used == loader.count {
          now = next
          progress = now
          epochLoss.reset()
        }
        for callback in callbacks { try callback.epochEnded(epoch) }
        metric = try snapshotMetric(of: epoch)
        try saveIfDue(now, metric)
      }
    } catch is StopTraining {
      if end == .completed { end = .stoppedByCallback }
      do { try readPendingStep() } catch is StopTraining {}
    }
    try saveLast(now, metric)
    return end
  }

  func isFinished(_ progress: TrainingProgress) -> Bool {
    switch options.length {
    case .epochs(let epochs): progress.epoch >= epochs
    case .steps(let steps): progress.step >= steps
    }
  }

  /// The step at which training ends, even within an epoch.
  private var lastStep: Int {
    // A length in epochs sets no step limit: the job that saved the position may have had a
    // different number of steps per epoch.
    if case .steps(let steps) = options.length { return steps }
    return .max
  }

  /// Runs one optimizer step on several batches; `sizes` has the number of samples in each.
  private func runStep<Batch>(
    _ sizes: [Int], _ batches: LoadedBatches<Batch>, _ now: TrainingProgress,
    _ loss: (DistributedDataParallel<Model>, Batch) throws -> Tensor
  ) throws -> PendingStep {
    phases = StepPhases()
    optimizer.zeroGrad()
    let samples = sizes.reduce(0, +)
    var losses: [Tensor] = []
    for (index, size) in sizes.enumerated() {
      guard let batch = try measure("batch", { try timed(\.data, batches.next) }) else {
        preconditionFailure("the loader ended \(sizes.count - index) batches early")
      }
      // Weighted by its size, a batch contributes as it would to one large batch.
      let weight = Double(size) / Double(samples)
      let isLast = index == sizes.count - 1
      losses.append(
        try isLast
          ? backward(batch, weight, loss)
          : model.noSync { try backward(batch, weight, loss) })
    }
    let rate = optimizer.groups.first?.learningRate ?? 0
    let (norm, tookStep) = try measure("optimizer") { try timed(\.update, update) }
    if tookStep { schedule?.step() }
    return PendingStep(
      TrainingStep(
        step: now.step, epoch: now.epoch, loss: .nan, samples: samples, learningRate: rate,
        gradientNorm: nil, wasSkipped: !tookStep, duration: .zero, phases: phases),
      losses: losses, sizes: sizes, norm: norm)
  }

  /// Reads the loss and the gradient norm of a step; throws if one of them is not finite.
  private func read(_ pending: PendingStep) throws {
    let losses = pending.read()
    let step = pending.step
    // The scaler skips a step that overflows, so the weights are unchanged.
    if !step.wasSkipped, options.stopsAtNonFinite {
      for loss in losses { try requireFinite("loss", loss, step) }
      if let norm = step.gradientNorm { try requireFinite("gradient norm", norm, step) }
    }
    epochLoss.add(losses)
  }

  private func notifyStepEnded(_ pending: PendingStep) throws {
    for callback in callbacks { try callback.stepEnded(pending.step) }
  }

  /// Reads the pending step, if there is one, and reports it to the callbacks.
  func readPendingStep() throws {
    guard let step = pendingStep else { return }
    pendingStep = nil
    try read(step)
    try notifyStepEnded(step)
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

  /// Accumulates the gradients of one batch and returns its detached loss.
  private func backward<Batch>(
    _ batch: Batch, _ weight: Double,
    _ loss: (DistributedDataParallel<Model>, Batch) throws -> Tensor
  ) throws -> Tensor {
    let value = try timed(\.forward) {
      try options.precision.run(on: device) { try loss(model, batch) }
    }
    let weighted = weight == 1 ? value : value * weight
    try timed(\.backward) { try (scaler?.scale(weighted) ?? weighted).backward() }
    return value.detach()
  }

  private func timed<Result>(
    _ phase: WritableKeyPath<StepPhases, Duration>, _ body: () throws -> Result
  ) rethrows -> Result {
    let start = ContinuousClock.now
    defer { phases[keyPath: phase] += ContinuousClock.now - start }
    return try body()
  }

  /// Clips the gradients and runs the optimizer.
  ///
  /// Returns the gradient norm, if the options request it, and whether the optimizer took a step.
  private func update() throws -> (norm: Tensor?, tookStep: Bool) {
    try scaler?.unscale(optimizer)
    let parameters = optimizer.groups.flatMap(\.parameters)
    guard let scaler else {
      let clipping = try options.maxGradientNorm.map { try clippingFactor(of: parameters, to: $0) }
      if let factor = clipping?.factor {
        try optimizer.step(scalingGradientsBy: factor)
      } else {
        try optimizer.step()
      }
      return (clipping?.norm, true)
    }
    let norm = try options.maxGradientNorm.map { try clipGradNorm(parameters, $0) }
    let tookStep = try scaler.step(optimizer)
    try scaler.update()
    return (norm, tookStep)
  }

  /// Runs a part of a step and records it in the trace, if there is one.
  private func measure<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
    try trace.measure(name, body)
  }

  private func endEpoch(_ number: Int) throws -> TrainingEpoch {
    var epoch = TrainingEpoch(
      epoch: number, loss: try epochLoss.mean(over: model.group), metrics: [:])
    if let evaluation {
      model.module.eval()
      defer { model.module.train() }
      do {
        epoch.metrics = try noGrad {
          try options.precision.run(on: device) { try evaluation(model.module) }
        }
      } catch {
        reportFailedEvaluation(number)
        throw error
      }
    }
    return epoch
  }

  private var device: Device { model.module.parameters.first?.device ?? .cpu }
}

extension BatchSampler {
  /// Returns the sizes of up to `limit` batches, starting at `first`.
  func batchSizes(from first: Int, limit: Int) -> [Int] {
    (first..<Swift.min(first + limit, count)).map { batch in
      Swift.min(batchSize, sampler.count - batch * batchSize)
    }
  }
}
