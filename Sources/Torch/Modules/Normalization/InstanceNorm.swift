/// Instance normalization: normalizes each channel of each sample over its other dimensions.
///
/// Ulyanov, Vedaldi & Lempitsky 2016. The base of ``InstanceNorm1d``, ``InstanceNorm2d`` and
/// ``InstanceNorm3d``. With running statistics, evaluation uses them, which are the means over the
/// samples.
public class InstanceNorm: ChannelNorm, Module {
  /// The number of dimensions of a sample, with the channels.
  var sampleDimensionCount: Int { 0 }

  /// Normalizes a tensor of shape `[batch, channels, …]` or `[channels, …]`.
  ///
  /// The result has the same shape. One element per channel and sample is a failed operator, unless
  /// the running statistics are used: its variance is 0.
  public func forward(_ input: Tensor) -> Tensor {
    let count = sampleDimensionCount
    let isBatched = input.isDefined && input.ndim == count + 1
    guard accepts(input, ndim: [count, count + 1], channels: isBatched ? 1 : 0) else {
      return Tensor(owning: nil)
    }
    let usesInput = isTraining || !trackRunningStats
    let batch = isBatched ? input : input.unsqueeze(dim: 0)
    if usesInput, batch.shape.dropFirst(2).reduce(1, *) == 1 {
      operatorFailed(
        "\(type(of: self))", input.summary,
        "expected more than 1 element per channel and sample, got input size \(input.shape): use "
          + "larger samples, or running statistics and eval()")
      return Tensor(owning: nil)
    }
    let output = batch.instanceNorm(
      weight: weight, bias: bias, runningMean: runningMean, runningVar: runningVar,
      useInputStats: usesInput, momentum: momentum ?? 0, eps: eps)
    return isBatched ? output : output.squeeze(dim: 0)
  }
}

/// Instance normalization of inputs `[batch, channels, length]`.
///
/// PyTorch: `nn.InstanceNorm1d`.
public final class InstanceNorm1d: InstanceNorm {
  /// Creates an instance normalization.
  ///
  /// - Parameters:
  ///   - numFeatures: The number of channels.
  ///   - eps: Added to the variance.
  ///   - momentum: The weight of the newest batch in the running statistics; `nil` leaves them
  ///     unchanged, as in PyTorch.
  ///   - affine: Whether to have a learned scale and shift per channel.
  ///   - trackRunningStats: Whether to have running statistics, which evaluation uses.
  ///   - bias: Whether to have a shift, if `affine`.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  public override init(
    _ numFeatures: Int, eps: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = false,
    trackRunningStats: Bool = false, bias: Bool = true, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    super.init(
      numFeatures, eps: eps, momentum: momentum, affine: affine,
      trackRunningStats: trackRunningStats, bias: bias, file: file, line: line)
  }

  override var sampleDimensionCount: Int { 2 }
}

/// Instance normalization of inputs `[batch, channels, height, width]`.
///
/// PyTorch: `nn.InstanceNorm2d`.
public final class InstanceNorm2d: InstanceNorm {
  /// Creates an instance normalization; the arguments are those of
  /// ``InstanceNorm1d/init(_:eps:momentum:affine:trackRunningStats:bias:file:line:)``.
  public override init(
    _ numFeatures: Int, eps: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = false,
    trackRunningStats: Bool = false, bias: Bool = true, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    super.init(
      numFeatures, eps: eps, momentum: momentum, affine: affine,
      trackRunningStats: trackRunningStats, bias: bias, file: file, line: line)
  }

  override var sampleDimensionCount: Int { 3 }
}

/// Instance normalization of inputs `[batch, channels, depth, height, width]`.
///
/// PyTorch: `nn.InstanceNorm3d`.
public final class InstanceNorm3d: InstanceNorm {
  /// Creates an instance normalization; the arguments are those of
  /// ``InstanceNorm1d/init(_:eps:momentum:affine:trackRunningStats:bias:file:line:)``.
  public override init(
    _ numFeatures: Int, eps: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = false,
    trackRunningStats: Bool = false, bias: Bool = true, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    super.init(
      numFeatures, eps: eps, momentum: momentum, affine: affine,
      trackRunningStats: trackRunningStats, bias: bias, file: file, line: line)
  }

  override var sampleDimensionCount: Int { 4 }
}
