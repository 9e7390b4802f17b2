/// Batch normalization: normalizes each channel over the batch (Ioffe & Szegedy 2015).
///
/// The base of ``BatchNorm1d``, ``BatchNorm2d`` and ``BatchNorm3d``. In training mode, or without
/// running statistics, it normalizes with the mean and variance of the batch, and otherwise with
/// the running statistics.
public class BatchNorm: ChannelNorm, Module {
  /// Sums a tensor over the ranks of a job, in place.
  ///
  /// If set, the statistics in training mode are those of all ranks' batches together.
  /// `SyncBatchNorm` of module DataParallel sets it. ``forward(_:)`` and backward throw its errors.
  public var sumOverRanks: ((Tensor) throws -> Void)?

  /// The numbers of dimensions that an input may have.
  var dimensionCounts: [Int] { [] }

  /// Normalizes a tensor of shape `[batch, channels, …]`; the result has the same shape.
  ///
  /// In training mode, a batch of one value per channel is a failed operator: its variance is 0, so
  /// the output would not depend on the input. Buffers are then unchanged. With ``sumOverRanks``
  /// the batches of all ranks count together, and the operator fails on all ranks.
  ///
  /// - Throws: The error of ``sumOverRanks``; buffers are then unchanged.
  public func forward(_ input: Tensor) throws -> Tensor {
    guard accepts(input, ndim: dimensionCounts, channels: 1) else { return Tensor(owning: nil) }
    if isTraining, let sumOverRanks { return try forward(input, sumOverRanks) }
    if isTraining {
      guard isNormalizable(input, valuesPerChannel: input.count / max(input.shape[1], 1)) else {
        return Tensor(owning: nil)
      }
      countBatch()
    }
    return input.batchNorm(
      weight: weight, bias: bias, runningMean: runningMean, runningVar: runningVar,
      training: isTraining || runningMean == nil, momentum: averageFactor, eps: eps)
  }

  /// Counts a batch of which the running statistics will include the statistics.
  func countBatch() { numBatchesTracked?.add_(Tensor(1 as Int64)) }

  /// The weight of the batch in the running statistics.
  var averageFactor: Double {
    if let momentum { return momentum }
    guard isTraining, let numBatchesTracked else { return 0 }
    return 1 / numBatchesTracked.item
  }

  /// Reports a batch of one value per channel as a failed operator.
  func isNormalizable(_ input: Tensor, valuesPerChannel count: Int) -> Bool {
    guard count == 1 else { return true }
    let ranks = sumOverRanks == nil ? "" : " over all ranks together"
    operatorFailed(
      "\(type(of: self))", input.summary,
      "expected more than 1 value per channel when training\(ranks), got input size "
        + "\(input.shape): use larger batches, drop an incomplete last batch with BatchSampler's "
        + "dropLast, or call eval() to normalize with the running statistics")
    return false
  }
}

/// Batch normalization of inputs `[batch, channels]` or `[batch, channels, length]`.
///
/// PyTorch: `nn.BatchNorm1d`.
public final class BatchNorm1d: BatchNorm {
  /// Creates a batch normalization.
  ///
  /// - Parameters:
  ///   - numFeatures: The number of channels, the size of dimension 1.
  ///   - eps: Added to the variance.
  ///   - momentum: The weight of the newest batch in the running statistics; `nil` averages all
  ///     batches equally.
  ///   - affine: Whether to have a learned scale and shift per channel.
  ///   - trackRunningStats: Whether to have running statistics. Without them the statistics are
  ///     those of the batch in evaluation, too.
  ///   - bias: Whether to have a shift, if `affine`.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  public override init(
    _ numFeatures: Int, eps: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
    trackRunningStats: Bool = true, bias: Bool = true, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    super.init(
      numFeatures, eps: eps, momentum: momentum, affine: affine,
      trackRunningStats: trackRunningStats, bias: bias, file: file, line: line)
  }

  override var dimensionCounts: [Int] { [2, 3] }
}

/// Batch normalization of inputs `[batch, channels, height, width]`.
///
/// PyTorch: `nn.BatchNorm2d`.
public final class BatchNorm2d: BatchNorm {
  /// Creates a batch normalization; the arguments are those of
  /// ``BatchNorm1d/init(_:eps:momentum:affine:trackRunningStats:bias:file:line:)``.
  public override init(
    _ numFeatures: Int, eps: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
    trackRunningStats: Bool = true, bias: Bool = true, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    super.init(
      numFeatures, eps: eps, momentum: momentum, affine: affine,
      trackRunningStats: trackRunningStats, bias: bias, file: file, line: line)
  }

  override var dimensionCounts: [Int] { [4] }
}

/// Batch normalization of inputs `[batch, channels, depth, height, width]`.
///
/// PyTorch: `nn.BatchNorm3d`.
public final class BatchNorm3d: BatchNorm {
  /// Creates a batch normalization; the arguments are those of
  /// ``BatchNorm1d/init(_:eps:momentum:affine:trackRunningStats:bias:file:line:)``.
  public override init(
    _ numFeatures: Int, eps: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
    trackRunningStats: Bool = true, bias: Bool = true, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    super.init(
      numFeatures, eps: eps, momentum: momentum, affine: affine,
      trackRunningStats: trackRunningStats, bias: bias, file: file, line: line)
  }

  override var dimensionCounts: [Int] { [5] }
}
