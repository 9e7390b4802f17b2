internal import Support

/// The part that batch and instance normalization share: parameters and statistics per channel.
///
/// PyTorch: `_NormBase`.
public class ChannelNorm: ModeDependent {
  /// The number of channels, the size of dimension 1.
  public let numFeatures: Int
  /// The value that is added to the variance.
  public var eps: Double
  /// The weight of the newest batch in the running statistics; `nil` averages all batches equally.
  public var momentum: Double?
  /// Whether the module has a scale and a shift.
  public let affine: Bool
  /// Whether the module has running statistics.
  public let trackRunningStats: Bool
  /// Whether to normalize with the statistics of the batch, and not with the running statistics.
  public var isTraining = true

  /// The scale, shape `[numFeatures]`, initially ones; `nil` unless `affine`.
  public let weight: Tensor?
  /// The shift, shape `[numFeatures]`, initially zeros; `nil` unless `affine` and with a bias.
  public let bias: Tensor?
  /// The running mean, shape `[numFeatures]`; `nil` unless `trackRunningStats`.
  @Named @Buffer public var runningMean: Tensor?
  /// The running variance, shape `[numFeatures]`; `nil` unless `trackRunningStats`.
  @Named @Buffer public var runningVar: Tensor?
  /// The number of batches in the running statistics, an int64 scalar; `nil` unless
  /// `trackRunningStats`.
  @Named @Buffer public var numBatchesTracked: Tensor?

  init(
    _ numFeatures: Int, eps: Double, momentum: Double?, affine: Bool, trackRunningStats: Bool,
    bias: Bool, file: StaticString, line: UInt
  ) {
    require(
      numFeatures >= 0, "numFeatures is \(numFeatures); use the number of channels", file: file,
      line: line)
    self.numFeatures = numFeatures
    self.eps = eps
    self.momentum = momentum
    self.affine = affine
    self.trackRunningStats = trackRunningStats
    weight = affine ? .parameter(Tensor.ones([numFeatures])) : nil
    self.bias = affine && bias ? .parameter(Tensor.zeros([numFeatures])) : nil
    let track = trackRunningStats
    _runningMean = Named(
      Buffer(wrappedValue: track ? Tensor.zeros([numFeatures]) : nil), as: "running_mean")
    _runningVar = Named(
      Buffer(wrappedValue: track ? Tensor.ones([numFeatures]) : nil), as: "running_var")
    _numBatchesTracked = Named(
      Buffer(wrappedValue: track ? Tensor.zeros([], dtype: .int64) : nil),
      as: "num_batches_tracked")
  }

  /// Sets the running statistics to those of a new module.
  public func resetRunningStats() {
    runningMean?.fill_(0)
    runningVar?.fill_(1)
    numBatchesTracked?.fill_(0)
  }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String {
    "\(numFeatures), eps=\(eps), momentum=\(momentum.map { "\($0)" } ?? "None"), "
      + "affine=\(pythonText(affine)), bias=\(pythonText(bias != nil)), "
      + "track_running_stats=\(pythonText(trackRunningStats))"
  }

  /// Whether the input has one of the numbers of dimensions and the channels; otherwise, a failed
  /// operator.
  func accepts(_ input: Tensor, ndim: [Int], channels: Int) -> Bool {
    // An undefined tensor means that an earlier operator failed, which is already recorded.
    guard input.isDefined else { return false }
    let shape = input.shape
    let name = "\(type(of: self))"
    guard ndim.contains(shape.count) else {
      let expected = ndim.map(String.init).joined(separator: " or ")
      operatorFailed(
        name, input.summary,
        "expected an input of \(expected) dimensions, got \(shape): use the module for inputs of "
          + "\(shape.count) dimensions, or reshape the input")
      return false
    }
    if channels < shape.count, shape[channels] == numFeatures { return true }
    operatorFailed(
      name, input.summary,
      "expected \(numFeatures) channels in dimension \(channels) of the input, got \(shape): "
        + "create the module with the number of channels of its input")
    return false
  }
}
