/// Layer normalization: normalizes over the last dimensions (Ba, Kiros & Hinton 2016).
///
/// PyTorch: `nn.LayerNorm`.
public final class LayerNorm: Module {
  /// The sizes of the last dimensions, over which the module normalizes.
  public let normalizedShape: [Int]
  /// The value that is added to the variance.
  public var eps: Double
  /// Whether the module has a scale, and a shift with a bias.
  public let elementwiseAffine: Bool
  /// The scale, of the normalized shape, initially ones; `nil` unless `elementwiseAffine`.
  public let weight: Tensor?
  /// The shift, of the normalized shape, initially zeros; `nil` unless `elementwiseAffine` and with
  /// a bias.
  public let bias: Tensor?

  /// Creates a layer normalization.
  ///
  /// - Parameters:
  ///   - normalizedShape: The size of the last dimension, or the sizes of several last dimensions.
  ///   - eps: Added to the variance.
  ///   - elementwiseAffine: Whether to have a learned scale and shift per element.
  ///   - bias: Whether to have a shift, if `elementwiseAffine`.
  public init(
    _ normalizedShape: any IntegerList, eps: Double = 1e-5, elementwiseAffine: Bool = true,
    bias: Bool = true
  ) {
    let shape = normalizedShape.integers
    self.normalizedShape = shape
    self.eps = eps
    self.elementwiseAffine = elementwiseAffine
    weight = elementwiseAffine ? .parameter(Tensor.ones(shape)) : nil
    self.bias = elementwiseAffine && bias ? .parameter(Tensor.zeros(shape)) : nil
  }

  /// Normalizes a tensor of shape `[…] + normalizedShape`; the result has the same shape.
  public func forward(_ input: Tensor) -> Tensor {
    input.layerNorm(normalizedShape, weight: weight, bias: bias, eps: eps)
  }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String {
    "\(pythonText(normalizedShape)), eps=\(eps), "
      + "elementwise_affine=\(pythonText(elementwiseAffine)), bias=\(pythonText(bias != nil))"
  }
}
