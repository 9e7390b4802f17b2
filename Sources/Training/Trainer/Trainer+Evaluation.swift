internal import Collectives
internal import DataParallel
internal import Torch

extension Trainer {
  /// Whether ``TrainerOptions/evaluationInterval`` requires an evaluation that has not run yet.
  func isEvaluationDue(_ progress: TrainingProgress) -> Bool {
    guard let interval = options.evaluationInterval, progress.step > 0 else { return false }
    return progress.step.isMultiple(of: interval) && evaluatedStep.step != progress.step
  }

  /// Throws if an option or property requires an evaluation, but there is none.
  func requireEvaluation() throws(TorchError) {
    guard evaluation == nil else { return }
    let isUsed = [
      "evaluationInterval": options.evaluationInterval != nil,
      "earlyStopping": earlyStopping != nil,
    ]
    guard let name = isUsed.filter(\.value).keys.min() else { return }
    throw TorchError(
      .invalidArgument,
      "trainer: \(name) is set, but there is no evaluation: set trainer.evaluation as well")
  }

  /// Evaluates within an epoch and saves the snapshot that is due.
  ///
  /// - Returns: The metric of the snapshot, if the evaluation returns it.
  func evaluateStep(_ progress: TrainingProgress) throws -> Double? {
    try readPendingStep()
    try saveBeforeEvaluation(progress, next: progress)
    let metrics = try evaluate(progress)
    guard let name = snapshotMetric else { return nil }
    return try snapshotMetric(name, metrics)
  }

  /// Evaluates the model, reports to the callbacks and counts for early stopping.
  func evaluate(_ progress: TrainingProgress) throws -> [String: Double] {
    guard let evaluation else { return [:] }
    model.module.eval()
    defer { model.module.train() }
    let metrics: [String: Double]
    do {
      metrics = try noGrad {
        try options.precision.run(on: device) { try evaluation(model.module) }
      }
    } catch {
      reportFailedEvaluation(progress)
      throw error
    }
    let isRepeated = evaluatedStep.step == progress.step
    evaluatedStep.step = progress.step
    if let earlyStopping, !isRepeated {
      let values = try model.group.allGather([metrics[earlyStopping.metric] ?? 0])
      let isMissing = try model.group.allGather([metrics[earlyStopping.metric] == nil ? 1 : 0])
      if let rank = isMissing.firstIndex(of: [1]) {
        let found = metrics.keys.sorted().joined(separator: ", ")
        throw TrainingError(
          .invalidArgument,
          "earlyStopping compares '\(earlyStopping.metric)', but the evaluation of rank \(rank) "
            + "does not return it; it returns \(found.isEmpty ? "nothing" : found) on rank "
            + "\(model.group.rank)")
      }
      earlyStopping.record(values[0][0], step: progress.step, weights: model.module.stateDict)
    }
    let result = TrainingEvaluation(
      step: progress.step, epoch: progress.epoch, metrics: metrics)
    for callback in callbacks { try callback.evaluated(result) }
    return metrics
  }

  /// Ends training if early stopping requires it; all ranks decide alike.
  func stopIfExhausted() throws(StopTraining) {
    if earlyStopping?.isExhausted == true { throw StopTraining() }
  }
}
