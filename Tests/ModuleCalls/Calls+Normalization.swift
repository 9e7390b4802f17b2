import Torch

nonisolated(unsafe) let normalizationCalls: [String: ModuleFactory] = [
  "BatchNorm1d": { given in
    let norm = try ChannelNormArguments(given, affine: true)
    return ModuleCall(
      BatchNorm1d(
        norm.numFeatures, eps: norm.eps, momentum: norm.momentum, affine: norm.affine,
        trackRunningStats: norm.trackRunningStats, bias: norm.bias))
  },
  "BatchNorm2d": { given in
    let norm = try ChannelNormArguments(given, affine: true)
    return ModuleCall(
      BatchNorm2d(
        norm.numFeatures, eps: norm.eps, momentum: norm.momentum, affine: norm.affine,
        trackRunningStats: norm.trackRunningStats, bias: norm.bias))
  },
  "BatchNorm3d": { given in
    let norm = try ChannelNormArguments(given, affine: true)
    return ModuleCall(
      BatchNorm3d(
        norm.numFeatures, eps: norm.eps, momentum: norm.momentum, affine: norm.affine,
        trackRunningStats: norm.trackRunningStats, bias: norm.bias))
  },
  "InstanceNorm1d": { given in
    let norm = try ChannelNormArguments(given, affine: false)
    return ModuleCall(
      InstanceNorm1d(
        norm.numFeatures, eps: norm.eps, momentum: norm.momentum, affine: norm.affine,
        trackRunningStats: norm.trackRunningStats, bias: norm.bias))
  },
  "InstanceNorm2d": { given in
    let norm = try ChannelNormArguments(given, affine: false)
    return ModuleCall(
      InstanceNorm2d(
        norm.numFeatures, eps: norm.eps, momentum: norm.momentum, affine: norm.affine,
        trackRunningStats: norm.trackRunningStats, bias: norm.bias))
  },
  "InstanceNorm3d": { given in
    let norm = try ChannelNormArguments(given, affine: false)
    return ModuleCall(
      InstanceNorm3d(
        norm.numFeatures, eps: norm.eps, momentum: norm.momentum, affine: norm.affine,
        trackRunningStats: norm.trackRunningStats, bias: norm.bias))
  },
  "GroupNorm": {
    ModuleCall(
      GroupNorm(
        try $0.int(0, "num_groups"), try $0.int(1, "num_channels"),
        eps: try $0.double(2, "eps", default: 1e-5),
        affine: try $0.bool(3, "affine", default: true),
        bias: try $0.bool(.max, "bias", default: true)))
  },
  "LayerNorm": {
    ModuleCall(
      LayerNorm(
        try $0.integers(0, "normalized_shape"), eps: try $0.double(1, "eps", default: 1e-5),
        elementwiseAffine: try $0.bool(2, "elementwise_affine", default: true),
        bias: try $0.bool(3, "bias", default: true)))
  },
  "RMSNorm": {
    ModuleCall(
      RMSNorm(
        try $0.integers(0, "normalized_shape"), eps: try $0.optionalDouble(1, "eps"),
        elementwiseAffine: try $0.bool(2, "elementwise_affine", default: true)))
  },
  "LocalResponseNorm": {
    ModuleCall(
      LocalResponseNorm(
        try $0.int(0, "size"), alpha: try $0.double(1, "alpha", default: 1e-4),
        beta: try $0.double(2, "beta", default: 0.75), k: try $0.double(3, "k", default: 1)))
  },
]

/// The arguments of batch and instance normalization.
private struct ChannelNormArguments {
  var numFeatures: Int
  var eps: Double
  var momentum: Double?
  var affine: Bool
  var trackRunningStats: Bool
  var bias: Bool

  /// Reads the arguments; `affine` is the default of `affine` and `track_running_stats`.
  init(_ given: Arguments, affine: Bool) throws {
    numFeatures = try given.int(0, "num_features")
    eps = try given.double(1, "eps", default: 1e-5)
    // None is a momentum, too.
    momentum =
      given.value(2, "momentum") == nil ? 0.1 : try given.optionalDouble(2, "momentum")
    self.affine = try given.bool(3, "affine", default: affine)
    trackRunningStats = try given.bool(4, "track_running_stats", default: affine)
    bias = try given.bool(.max, "bias", default: true)
  }
}
