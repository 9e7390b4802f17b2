/// The bilinear map y = x₁ᵀ W x₂ + b, like PyTorch's `nn.Bilinear`.
public final class Bilinear: Module {
  /// Shape `[outFeatures, in1Features, in2Features]`.
  public let weight: Tensor
  /// Shape `[outFeatures]`; `nil` without a bias.
  public let bias: Tensor?

  /// Creates a layer with weight and bias drawn uniformly from ±1/√in1Features, as in PyTorch.
  ///
  /// - Parameters:
  ///   - in1Features: The size of the last dimension of the first input.
  ///   - in2Features: The size of the last dimension of the second input.
  ///   - outFeatures: The size of the last dimension of the output.
  ///   - bias: Whether a learned vector is added.
  public init(
    _ in1Features: Int, _ in2Features: Int, _ outFeatures: Int, bias: Bool = true
  ) {
    weight = .parameter([outFeatures, in1Features, in2Features])
    self.bias = bias ? .parameter([outFeatures]) : nil
    let bound = 1 / Double(Swift.max(in1Features, 1)).squareRoot()
    Init.uniform(weight, a: -bound, b: bound)
    if let bias = self.bias { Init.uniform(bias, a: -bound, b: bound) }
  }

  /// Maps `[…, in1Features]` and `[…, in2Features]` to `[…, outFeatures]`.
  ///
  /// Call the module with two arguments: `try bilinear(x1, x2)`.
  public func forward(_ input: (Tensor, Tensor)) -> Tensor {
    input.0.bilinear(input.1, weight, bias: bias)
  }

  /// The sizes, as PyTorch prints them.
  public var extraRepr: String {
    let shape = weight.shape
    return "in1_features=\(shape[1]), in2_features=\(shape[2]), out_features=\(shape[0]), "
      + "bias=\(pythonText(bias != nil))"
  }
}
