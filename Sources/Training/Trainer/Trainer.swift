internal import Collectives
public import DataLoading
public import DataParallel
public import Torch
public import Worker

/// A distributed training loop.
///
/// Implements gradient accumulation without redundant communication, clipping, mixed precision, and
/// the learning rate schedule. Use ``callbacks`` to print and measure, and `resume(from:_:)` for
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
  /// Evaluates the model at the end of each epoch, and every
  /// ``TrainerOptions/evaluationInterval`` steps.
  ///
  /// Runs in evaluation mode, without gradients, in the training precision. The callbacks receive
  /// the metrics that it returns. If a snapshot is due, it is saved before the evaluation, which
  /// may fail, and again with the metrics.
  ///
  /// Capture the trainer as `[unowned trainer]` if the closure uses it; otherwise neither is ever
  /// released.
  public var evaluation: ((Model) throws -> [String: Double])?
  /// Ends training when a metric of ``evaluation`` has stopped improving, if set.
  ///
  /// Set it before `resume(from:_:)`.
  public var earlyStopping: EarlyStopping?
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
  /// Snapshots record them, and `resume(from:_:)` reports those that changed.
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
  /// The stream of batches, which snapshots include, while `fit` or `resume` uses one.
  var stream: (any ReshardableState)?
  let epochLoss = EpochLoss()
  let evaluatedStep = EvaluatedStep()
  /// Whether to read a step's loss only after the next step is enqueued.
  ///
  /// `nil` means yes for every device except the CPU.
  package var defersReads: Bool?
  private var stopAgreement: StopAgreement?
  private var pendingStep: PendingStep?
  private let stepReport = StepReport()
  var phases = StepPhases()

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
  ///   - loss: Returns the mean loss of a batch, a scalar, or a ``WeightedLoss``. Runs in the
  ///     options' precision; the backward pass that follows does not.
  /// - Returns: Whether training completed, a callback ended it, or a request to stop interrupted
  ///   it. If snapshots are enabled, a snapshot of the final state is on disk.
  /// - Throws: Errors of the data set, the loss and the callbacks, except ``StopTraining``;
  ///   ``TrainingError`` with code `notFinite` if the loss or the gradient norm is infinite or NaN,
  ///   with code `invalidArgument` if the evaluation does not return ``snapshotMetric``, and the
  ///   errors of ``Snapshots``; ``TorchError`` with code `invalidArgument` if the loader has no
  ///   batches, or ``TrainerOptions/globalBatchSize`` cannot be divided into its batches;
  ///   ``CollectiveError`` if a peer is lost or times out.
  @discardableResult
  public func fit<Samples, Indices: EpochSampler, Batch, Loss: TrainingLoss>(
    _ loader: DataLoader<Samples, Indices, Batch>,
    loss: (DistributedDataParallel<Model>, Batch) throws -> Loss
  ) throws -> TrainingOutcome {
    guard loader.count > 0 else {
      throw TorchError(.invalidArgument, "trainer: the loader has no batches on this rank")
    }
    let accumulation = try accumulation(loader)
    var loader = loader
    let worldSize = model.group.worldSize
    return try fit(
      from: progress ?? TrainingProgress(loader.batchSampler.sampler.position),
      accumulation: accumulation,
      startEpoch: { position in
        try loader.batchSampler.sampler.setPosition(position)
        let sampler = loader.batchSampler
        let batches = try loader.batches()
        return EpochBatches(
          count: loader.count, sizes: { sampler.batchSizes(from: $0, limit: $1) },
          advance: { $0 * worldSize }, next: batches.next)
      }, loss: loss)
  }

  /// Trains from `start` on batches whose epochs `startEpoch` starts at a position.
  func fit<Batch, Loss: TrainingLoss>(
    from start: TrainingProgress, accumulation: Int,
    startEpoch: (SamplerPosition) throws -> EpochBatches<Batch>,
    loss: (DistributedDataParallel<Model>, Batch) throws -> Loss
  ) throws -> TrainingOutcome {
    try requireEvaluation()
    var now = start
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
        // The run that training resumed from may have stopped early.
        try stopIfExhausted()
        let batches = try startEpoch(now.position)
        // The run that training resumed from may have been interrupted before the evaluation.
        if !now.position.isAtStartOfEpoch, batches.count > 0, isEvaluationDue(now) {
          metric = try evaluateStep(now)
          try saveIfDue(now, metric)
          try stopIfExhausted()
        }
        for callback in callbacks { try callback.epochStarted(now) }
        let clock = ContinuousClock()
        var start = clock.now
        var used = 0
        while used < batches.count, now.step < lastStep {
          let sizes = batches.sizes(used, accumulation)
          let step = try runStep(sizes, batches.next, now, loss)
          let ended = isDeferred ? pendingStep : step
          pendingStep = isDeferred ? step : nil
          if let ended { try read(ended) }
          used += sizes.count
          now.finishStep(samples: batches.advance(step.step.samples))
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
          // The epoch's last step is evaluated and saved below, with the epoch's metric.
          if used < batches.count, now.step < lastStep {
            if isEvaluationDue(now) {
              metric = try evaluateStep(now)
              start = clock.now
            }
            try saveIfDue(now, metric)
            try stopIfExhausted()
          }
        }
        try readPendingStep()
        var next = now
        if used == batches.count { next.finishEpoch() }
        // Without a step, the weights are those of the snapshot that training resumed from.
        if used > 0 { try saveBeforeEvaluation(now, next: next) }
        let epoch = TrainingEpoch(
          epoch: now.epoch, loss: try epochLoss.mean(over: model.group),
          metrics: try evaluate(now))
        if used == batches.count {
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
    // A run that is to be resumed continues with the last weights.
    if end != .stopRequested { try earlyStopping?.loadBest(into: model.module) }
    return end
  }

  /// The number of batches of a loader per optimizer step.
  func accumulation<Samples, Indices, Batch>(
    _ loader: DataLoader<Samples, Indices, Batch>
  ) throws(TorchError) -> Int {
    try options.accumulation(
      batchSize: loader.batchSampler.batchSize, worldSize: model.group.worldSize)
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

  /// Reads the loss and the gradient norm of a step; throws if one of them is not finite.
  private func read(_ pending: PendingStep) throws {
    let losses = pending.read()
    let step = pending.step
    // The scaler skips a step that overflows, so the weights are unchanged.
    if !step.wasSkipped, options.stopsAtNonFinite {
      for loss in losses { try requireFinite("loss", loss, step) }
      if let norm = step.gradientNorm { try requireFinite("gradient norm", norm, step) }
    }
    epochLoss.add(losses, weights: pending.epochWeights)
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

  var device: Device { model.module.parameters.first?.device ?? .cpu }
}

extension BatchSampler {
  /// Returns the sizes of up to `limit` batches, starting at `first`.
  func batchSizes(from first: Int, limit: Int) -> [Int] {
    (first..<Swift.min(first + limit, count)).map { batch in
      Swift.min(batchSize, sampler.count - batch * batchSize)
    }
  }
}
