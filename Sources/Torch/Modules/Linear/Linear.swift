/// The affine map y = x Wᵀ + b, like PyTorch's `nn.Linear`.
public final class Linear: Module {
  /// Shape `[outFeatures, inFeatures]`.
  public let weight: Tensor
  /// Shape `[outFeatures]`; `nil` without a bias.
  public let bias: Tensor?

  /// Creates a layer with weight and bias drawn uniformly from ±1/√inFeatures, as in PyTorch.
  ///
  /// - Parameters:
  ///   - inFeatures: The size of the last dimension of the input.
  ///   - outFeatures: The size of the last dimension of the output.
  ///   - bias: Whether a learned vector is added.
  public convenience init(_ inFeatures: Int, _ outFeatures: Int, bias: Bool = true) {
    self.init(uninitialized: inFeatures, outFeatures, bias: bias)
    Init.affine(weight, self.bias)
  }

  /// Creates a layer with uninitialized memory; the caller must set all elements.
  public init(uninitialized inFeatures: Int, _ outFeatures: Int, bias: Bool = true) {
    weight = .parameter([outFeatures, inFeatures])
    self.bias = bias ? .parameter([outFeatures]) : nil
  }

  /// Maps `[…, inFeatures]` to `[…, outFeatures]`.
  public func forward(_ input: Tensor) -> Tensor {
    linearOp.tensor(.tensor(input), .tensor(weight), .optionalTensor(bias))
  }

  /// The sizes, as PyTorch prints them.
  public var extraRepr: String {
    "in_features=\(weight.shape[1]), out_features=\(weight.shape[0]), "
      + "bias=\(pythonText(bias != nil))"
  }
}

// libtorch's operator, or a faster one with the same result.
private let linearOp = Operator("lockstep::linear")
