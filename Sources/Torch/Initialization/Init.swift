internal import Support

/// Overwrites the elements of parameters with initial values, like PyTorch's `torch.nn.init`.
///
/// Nothing is recorded for a backward pass. With the same seed (``manualSeed(_:)``) the values
/// equal PyTorch's to the bit.
///
/// ```swift
/// let layer = Linear(20, 1)
/// Init.xavierUniform(layer.weight)
/// ```
public enum Init {
  /// Fills a tensor with draws from the uniform distribution over [a, b).
  ///
  /// PyTorch: `torch.nn.init.uniform_`.
  public static func uniform(_ tensor: Tensor, a: Double = 0, b: Double = 1) {
    _ = noGrad { tensor.uniform_(from: a, to: b) }
  }

  /// Fills a tensor with draws from a normal distribution.
  ///
  /// PyTorch: `torch.nn.init.normal_`.
  public static func normal(_ tensor: Tensor, mean: Double = 0, std: Double = 1) {
    _ = noGrad { tensor.normal_(mean: mean, std: std) }
  }

  /// Fills a tensor with a number.
  ///
  /// PyTorch: `torch.nn.init.constant_`.
  public static func constant(_ tensor: Tensor, _ value: Double) {
    _ = noGrad { tensor.fill_(value) }
  }

  /// Fills a tensor with ones.
  ///
  /// PyTorch: `torch.nn.init.ones_`.
  public static func ones(_ tensor: Tensor) { constant(tensor, 1) }

  /// Fills a tensor with zeros.
  ///
  /// PyTorch: `torch.nn.init.zeros_`.
  public static func zeros(_ tensor: Tensor) { constant(tensor, 0) }
}
