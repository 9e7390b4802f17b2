extension TrainerCallback {
  /// Creates a callback that records each step and each evaluation.
  ///
  /// Steps have the names of ``StepMetrics``, such as `train/loss` and `train/learning_rate`. The
  /// metrics of an evaluation are named `evaluation/NAME`, and the mean loss of an epoch is
  /// `train/epoch_loss`.
  ///
  /// ```swift
  /// if worker.isMain {
  ///   trainer.callbacks.append(
  ///     TrainerCallback(recording: try MetricsFolder("runs/1"), worldSize: worker.worldSize))
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - sink: Where to record; create it on one rank only.
  ///   - worldSize: The number of ranks, for the throughput of all of them.
  ///   - restarts: The number of times the job's workers were restarted.
  public init(recording sink: any MetricsSink, worldSize: Int, restarts: Int = 0) {
    var lastStep = 0
    self.init(
      stepEnded: { step in
        lastStep = step.step
        let seconds = step.duration / .seconds(1)
        let metrics = StepMetrics(
          loss: step.loss, learningRate: step.learningRate, gradientNorm: step.gradientNorm,
          samplesPerSecond: seconds > 0 ? Double(step.samples * worldSize) / seconds : 0,
          restarts: restarts)
        try sink.record(metrics.scalars, step: step.step)
      },
      evaluated: { evaluation in
        let scalars = evaluation.metrics.map { ("evaluation/\($0.key)", $0.value) }
        guard !scalars.isEmpty else { return }
        try sink.record(
          Dictionary(uniqueKeysWithValues: scalars), step: max(0, evaluation.step - 1))
      },
      epochEnded: { epoch in try sink.record(["train/epoch_loss": epoch.loss], step: lastStep) })
  }
}
