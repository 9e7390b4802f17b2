internal import Collectives
internal import DataLoading
public import DataParallel
internal import Torch

extension Trainer {
  /// Trains on a stream of batches, like `fit(_:loss:)` on a loader.
  ///
  /// Each optimizer step uses ``TrainerOptions/gradientAccumulation`` batches of equal weight,
  /// unless the loss is a ``WeightedLoss``. ``TrainingStep/samples`` counts batches.
  ///
  /// - Parameters:
  ///   - stream: This rank's batches; every rank has as many steps per epoch.
  ///   - loss: Returns the mean loss of a batch, or a ``WeightedLoss``.
  /// - Returns: How training ended.
  /// - Throws: The errors of `fit(_:loss:)`; ``TrainingError`` with code `invalidArgument` if the
  ///   stream ends before training does.
  @discardableResult
  public func fit<Batch, Loss: TrainingLoss>(
    _ stream: BatchStream<Batch>,
    loss: (DistributedDataParallel<Model>, Batch) throws -> Loss
  ) throws -> TrainingOutcome {
    try refuseGlobalBatchSize()
    self.stream = stream
    defer { self.stream = nil }
    let accumulation = options.gradientAccumulation
    let rank = model.group.rank
    return try fit(
      from: progress ?? TrainingProgress(stream.start), accumulation: accumulation,
      startEpoch: { position in
        EpochBatches(
          count: (stream.stepsPerEpoch - position.consumed) * accumulation,
          sizes: { first, limit in Array(repeating: 1, count: limit) }, advance: { _ in 1 },
          next: {
            if let batch = try stream.next() { return batch }
            throw TrainingError(
              .invalidArgument,
              "the stream ended after \(stream.drawn) batches on rank \(rank), before "
                + "training did: train for fewer steps, or return more batches")
          })
      }, loss: loss)
  }

  /// Resumes from the newest snapshot in a folder, like `resume(from:_:)` with a loader.
  ///
  /// The stream continues at the snapshot's position. The number of ranks must be the same.
  ///
  /// - Parameters:
  ///   - snapshots: The snapshot folder.
  ///   - stream: This rank's batches, the same as for `fit(_:loss:)`, from the beginning.
  /// - Returns: The snapshot that was restored; `nil` if the folder has none.
  /// - Throws: The errors of `resume(from:_:)`.
  @discardableResult
  public func resume<Batch>(
    from snapshots: Snapshots, _ stream: BatchStream<Batch>
  ) throws -> ResumedSnapshot? {
    try refuseGlobalBatchSize()
    self.stream = stream
    defer { self.stream = nil }
    let settings = runSettings(accumulation: options.gradientAccumulation)
    var now = TrainingProgress(stream.start)
    let resumed = try snapshots.resume(
      &now, sharedParts, perRank: perRankParts, run: settings
    ) { progress in
      switch options.length {
      case .steps(let steps):
        return ScheduleSpan(total: steps, left: max(0, steps - progress.step))
      case .epochs(let epochs):
        let total = epochs * stream.stepsPerEpoch
        let done = progress.epoch * stream.stepsPerEpoch + progress.position.consumed
        return ScheduleSpan(total: total, left: max(0, total - done))
      }
    }
    self.snapshots = snapshots
    progress = now
    return resumed
  }

  private func refuseGlobalBatchSize() throws(TorchError) {
    guard let size = options.globalBatchSize else { return }
    throw TorchError(
      .invalidArgument,
      "trainer: globalBatchSize is \(size), but a stream does not state the size of its batches: "
        + "set gradientAccumulation instead")
  }
}

extension BatchStream {
  /// The position before the first epoch; positions in a stream count steps.
  var start: SamplerPosition { SamplerPosition(datasetCount: stepsPerEpoch, seed: nil) }
}
