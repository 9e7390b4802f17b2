/// Normalisation over the last dimension with a learnt scale and shift (Ba, Kiros & Hinton 2016).
public final class LayerNorm: Module {
  /// The scale, shape `[size]`; ones at first.
  public let weight: Tensor
  /// The shift, shape `[size]`; zeros at first.
  public let bias: Tensor
  let epsilon: Double

  /// Creates a normalisation.
  ///
  /// - Parameters:
  ///   - size: The length of the vectors.
  ///   - epsilon: Added to the variance.
  public init(_ size: Int, epsilon: Double = 1e-5) {
    self.epsilon = epsilon
    weight = Tensor(repeating: 1, shape: [size])
    weight.requiresGrad = true
    bias = Tensor(zeros: [size])
    bias.requiresGrad = true
  }

  /// Keeps the shape `[…, size]`.
  public func forward(_ input: Tensor) -> Tensor {
    layerNorm.tensor(
      .tensor(input), .ints(weight.shape), .tensor(weight), .tensor(bias), .double(epsilon))
  }
}

private let layerNorm = Operator("aten::layer_norm")
