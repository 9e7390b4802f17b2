/// Normalizes over the last dimension, with a learned scale and shift (Ba, Kiros & Hinton 2016).
public final class LayerNorm: Module {
  /// The scale, shape `[size]`; initially ones.
  public let weight: Tensor
  /// The shift, shape `[size]`; initially zeros.
  public let bias: Tensor
  let epsilon: Double

  /// Creates a layer normalization.
  ///
  /// - Parameters:
  ///   - size: The size of the last dimension.
  ///   - epsilon: Added to the variance.
  public init(_ size: Int, epsilon: Double = 1e-5) {
    self.epsilon = epsilon
    weight = Tensor.full([size], 1.0)
    weight.requiresGrad = true
    bias = Tensor.zeros([size])
    bias.requiresGrad = true
  }

  /// Normalizes a tensor of shape `[…, size]`; the result has the same shape.
  public func forward(_ input: Tensor) -> Tensor {
    layerNormOp.tensor(
      .tensor(input), .ints(weight.shape), .tensor(weight), .tensor(bias), .double(epsilon))
  }

  /// The size and epsilon, as PyTorch prints them.
  public var extraRepr: String { "(\(weight.count),), eps=\(epsilon), elementwise_affine=True" }
}

private let layerNormOp = Operator("aten::layer_norm")
