/// Normalizes each channel over the batch, like PyTorch's `nn.BatchNorm1d`, `2d` and `3d`.
///
/// Has a learned scale and shift per channel (Ioffe & Szegedy 2015).
public final class BatchNorm: Module, ModeDependent {
  /// The scale, shape `[channels]`; initially ones.
  public let weight: Tensor
  /// The shift, shape `[channels]`; initially zeros.
  public let bias: Tensor
  /// The running mean, shape `[channels]`.
  @Named @Buffer public var runningMean: Tensor
  /// The running variance, shape `[channels]`.
  @Named @Buffer public var runningVariance: Tensor
  /// The number of batches normalized in training mode; an int64 scalar.
  @Named @Buffer public var batchCount: Tensor
  /// Whether to normalize with the statistics of the batch, and not with the running statistics.
  public var isTraining = true
  /// Sums a tensor over the ranks of a job, in place.
  ///
  /// If set, the statistics in training mode are those of all ranks' batches together.
  /// `SyncBatchNorm` of module DataParallel sets it. ``forward(_:)`` and backward throw its errors.
  public var sumOverRanks: ((Tensor) throws -> Void)?

  let momentum: Double
  let epsilon: Double

  /// Creates a batch normalization.
  ///
  /// - Parameters:
  ///   - channels: The size of dimension 1.
  ///   - epsilon: Added to the variance.
  ///   - momentum: The weight of the newest batch in the running statistics.
  public init(_ channels: Int, epsilon: Double = 1e-5, momentum: Double = 0.1) {
    self.epsilon = epsilon
    self.momentum = momentum
    weight = Tensor.full([channels], 1.0)
    weight.requiresGrad = true
    bias = Tensor.zeros([channels])
    bias.requiresGrad = true
    _runningMean = Named(Buffer(wrappedValue: Tensor.zeros([channels])), as: "running_mean")
    _runningVariance = Named(
      Buffer(wrappedValue: Tensor.full([channels], 1.0)), as: "running_var")
    _batchCount = Named(
      Buffer(wrappedValue: Tensor.zeros([], dtype: .int64)), as: "num_batches_tracked")
  }

  /// Normalizes a tensor of shape `[batch, channels, …]`; the result has the same shape.
  ///
  /// In training mode, a batch of one value per channel is a failed operator: its variance is 0, so
  /// the output would not depend on the input. Buffers are then unchanged. With ``sumOverRanks``
  /// the batches of all ranks count together, and the operator fails on all ranks.
  ///
  /// - Throws: The error of ``sumOverRanks``; buffers are then unchanged.
  public func forward(_ input: Tensor) throws -> Tensor {
    // An undefined tensor means that an earlier operator failed, which is already recorded.
    guard input.isDefined, hasChannels(input) else { return Tensor(owning: nil) }
    if isTraining, let sumOverRanks { return try forward(input, sumOverRanks) }
    if isTraining {
      guard isNormalizable(input, valuesPerChannel: input.count / max(input.shape[1], 1)) else {
        return Tensor(owning: nil)
      }
      batchCount.add_(Tensor(1 as Int64))
    }
    return batchNormOp.tensor(
      .tensor(input), .tensor(weight), .tensor(bias), .tensor(runningMean),
      .tensor(runningVariance), .bool(isTraining), .double(momentum), .double(epsilon),
      .bool(false))
  }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String {
    "\(weight.count), eps=\(epsilon), momentum=\(momentum), affine=True, track_running_stats=True"
  }

  /// Reports an input of another shape than `[batch, channels, …]` as a failed operator.
  private func hasChannels(_ input: Tensor) -> Bool {
    let shape = input.shape
    if shape.count >= 2, shape[1] == weight.count { return true }
    operatorFailed(
      "BatchNorm", input.summary,
      "expected an input of shape [batch, \(weight.count), …], got \(shape): create the module "
        + "with the number of channels, dimension 1 of the input")
    return false
  }

  /// Reports a batch of one value per channel as a failed operator.
  func isNormalizable(_ input: Tensor, valuesPerChannel count: Int) -> Bool {
    guard count == 1 else { return true }
    let ranks = sumOverRanks == nil ? "" : " over all ranks together"
    operatorFailed(
      "BatchNorm", input.summary,
      "expected more than 1 value per channel when training\(ranks), got input size "
        + "\(input.shape): use larger batches, drop an incomplete last batch with BatchSampler's "
        + "dropLast, or call eval() to normalize with the running statistics")
    return false
  }
}

private let batchNormOp = Operator("aten::batch_norm")
