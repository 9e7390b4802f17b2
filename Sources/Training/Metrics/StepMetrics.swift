/// The standard metrics of a training step, and the names under which they are recorded.
public struct StepMetrics: Sendable, Hashable {
  /// The loss of the step: `train/loss`.
  public var loss: Double
  /// The learning rate that the step used: `train/learning_rate`.
  public var learningRate: Double
  /// The norm of all gradients before clipping, if it was computed: `train/gradient_norm`.
  public var gradientNorm: Double?
  /// The throughput of all ranks together: `train/samples_per_second`.
  public var samplesPerSecond: Double
  /// The number of times the job's workers were restarted: `job/restarts`.
  public var restarts: Int

  /// Creates the metrics of a step.
  public init(
    loss: Double, learningRate: Double, gradientNorm: Double? = nil, samplesPerSecond: Double,
    restarts: Int = 0
  ) {
    self.loss = loss
    self.learningRate = learningRate
    self.gradientNorm = gradientNorm
    self.samplesPerSecond = samplesPerSecond
    self.restarts = restarts
  }

  /// The metrics by name, for a ``MetricsSink``.
  public var scalars: [String: Double] {
    var scalars = [
      "train/loss": loss, "train/learning_rate": learningRate,
      "train/samples_per_second": samplesPerSecond, "job/restarts": Double(restarts),
    ]
    scalars["train/gradient_norm"] = gradientNorm
    return scalars
  }
}
