/// Root mean square normalization over the last dimensions, without centering.
///
/// Zhang & Sennrich 2019. PyTorch: `nn.RMSNorm`.
public final class RMSNorm: Module {
  /// The sizes of the last dimensions, over which the module normalizes.
  public let normalizedShape: [Int]
  /// The value that is added to the mean square; `nil` for the smallest step of the input's type.
  public var eps: Double?
  /// Whether the module has a scale.
  public let elementwiseAffine: Bool
  /// The scale, of the normalized shape, initially ones; `nil` unless `elementwiseAffine`.
  public let weight: Tensor?

  /// Creates a root mean square normalization.
  ///
  /// - Parameters:
  ///   - normalizedShape: The size of the last dimension, or the sizes of several last dimensions.
  ///   - eps: Added to the mean square; `nil` for the smallest step of the input's type.
  ///   - elementwiseAffine: Whether to have a learned scale per element.
  public init(
    _ normalizedShape: any IntegerList, eps: Double? = nil, elementwiseAffine: Bool = true
  ) {
    self.normalizedShape = normalizedShape.integers
    self.eps = eps
    self.elementwiseAffine = elementwiseAffine
    weight = elementwiseAffine ? .parameter(Tensor.ones(normalizedShape.integers)) : nil
  }

  /// Normalizes a tensor of shape `[…] + normalizedShape`; the result has the same shape.
  public func forward(_ input: Tensor) -> Tensor {
    input.rmsNorm(normalizedShape, weight: weight, eps: eps)
  }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String {
    "\(pythonText(normalizedShape)), eps=\(eps.map { "\($0)" } ?? "None"), "
      + "elementwise_affine=\(pythonText(elementwiseAffine))"
  }
}
