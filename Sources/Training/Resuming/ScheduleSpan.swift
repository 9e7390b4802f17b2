internal import DataLoading

/// The steps of a run from its start to its end, and those that remain.
package struct ScheduleSpan: Equatable {
  /// The number of steps that a run with these settings takes from the first sample to the last.
  var total: Int
  /// The number of steps that process the remaining samples.
  var left: Int

  /// The step at which a schedule continues, so that it ends with the last step.
  var position: Int { max(0, total - left) }
}

extension RunSettings {
  /// Returns the steps of a run with these settings whose progress is `progress`.
  ///
  /// - Parameters:
  ///   - progress: The progress, which steps of another size may have reached.
  ///   - batches: This rank's batches, at any position.
  /// - Returns: The steps, with and without those before `progress`.
  /// - Throws: ``DataLoadingError`` if the progress belongs to other data.
  func span<Indices: EpochSampler>(
    at progress: TrainingProgress, _ batches: BatchSampler<Indices>
  ) throws -> ScheduleSpan {
    var batches = batches
    func steps() -> Int { (batches.count + gradientAccumulation - 1) / gradientAccumulation }
    switch length {
    case .steps(let steps): return ScheduleSpan(total: steps, left: max(0, steps - progress.step))
    case .epochs(let epochs):
      batches.sampler.setEpoch(0)
      let perEpoch = steps()
      guard progress.epoch < epochs else { return ScheduleSpan(total: epochs * perEpoch, left: 0) }
      try batches.sampler.setPosition(progress.position)
      return ScheduleSpan(
        total: epochs * perEpoch, left: steps() + (epochs - progress.epoch - 1) * perEpoch)
    }
  }
}
