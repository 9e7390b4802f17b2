/// Normalisation of each channel over the batch, with a learnt scale and shift (Ioffe & Szegedy 2015), as
/// PyTorch's `nn.BatchNorm1d`, `2d` and `3d`.
public final class BatchNorm: Module, ModeDependent {
  /// The scale, shape `[channels]`; ones at first.
  public let weight: Tensor
  /// The shift, shape `[channels]`; zeros at first.
  public let bias: Tensor
  /// The running mean, shape `[channels]`.
  @Named @Buffer public var runningMean: Tensor
  /// The running variance, shape `[channels]`.
  @Named @Buffer public var runningVariance: Tensor
  /// How many batches were normalised in training; a scalar, int64.
  @Named @Buffer public var batchCount: Tensor
  /// Whether statistics are the batch's rather than the running ones.
  public var isTraining = true
  /// Adds up a tensor over the ranks of a job, in place: statistics are those of all their batches
  /// together then.
  ///
  /// `SyncBatchNorm` of module DataParallel sets it.
  public var sumOverRanks: ((Tensor) throws -> Void)?

  let momentum: Double
  let epsilon: Double

  /// Creates a normalisation.
  ///
  /// - Parameters:
  ///   - channels: The size of dimension 1.
  ///   - epsilon: Added to the variance.
  ///   - momentum: The share of the newest batch in the running statistics.
  public init(_ channels: Int, epsilon: Double = 1e-5, momentum: Double = 0.1) {
    (self.epsilon, self.momentum) = (epsilon, momentum)
    weight = Tensor(repeating: 1, shape: [channels])
    weight.requiresGrad = true
    bias = Tensor(zeros: [channels])
    bias.requiresGrad = true
    _runningMean = Named(Buffer(wrappedValue: Tensor(zeros: [channels])), as: "running_mean")
    _runningVariance = Named(
      Buffer(wrappedValue: Tensor(repeating: 1, shape: [channels])), as: "running_var")
    _batchCount = Named(
      Buffer(wrappedValue: Tensor(zeros: [], dtype: .int64)), as: "num_batches_tracked")
  }

  /// Keeps the shape `[batch, channels, …]`.
  public func forward(_ input: Tensor) -> Tensor {
    if isTraining {
      batchCount.add(Tensor(1 as Int64))
      if let sumOverRanks { return forward(input, sumOverRanks) }
    }
    return batchNorm.tensor(
      .tensor(input), .tensor(weight), .tensor(bias), .tensor(runningMean),
      .tensor(runningVariance), .bool(isTraining), .double(momentum), .double(epsilon),
      .bool(false))
  }
}

private let batchNorm = Operator("aten::batch_norm")
