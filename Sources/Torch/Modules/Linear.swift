/// The affine map y = x Wᵀ + b, like PyTorch's `nn.Linear`.
public final class Linear: Module {
  /// Shape `[outputs, inputs]`.
  public let weight: Tensor
  /// Shape `[outputs]`; `nil` without a bias.
  public let bias: Tensor?

  /// Creates a layer with weight and bias drawn uniformly from ±1/√inputs, as in PyTorch.
  public convenience init(_ inputs: Int, _ outputs: Int, hasBias: Bool = true) {
    self.init(uninitialized: inputs, outputs, hasBias: hasBias)
    let bound = 1 / Double(Swift.max(inputs, 1)).squareRoot()
    noGrad {
      weight.uniform_(from: -bound, to: bound)
      bias?.uniform_(from: -bound, to: bound)
    }
  }

  /// Creates a layer with uninitialized memory; the caller must set all elements.
  public init(uninitialized inputs: Int, _ outputs: Int, hasBias: Bool = true) {
    weight = Tensor.empty([outputs, inputs])
    weight.requiresGrad = true
    bias = hasBias ? Tensor.empty([outputs]) : nil
    bias?.requiresGrad = true
  }

  /// Maps `[…, inputs]` to `[…, outputs]`.
  public func forward(_ input: Tensor) -> Tensor {
    linearOp.tensor(.tensor(input), .tensor(weight), .optionalTensor(bias))
  }

  /// The sizes, as PyTorch prints them.
  public var extraRepr: String {
    "in_features=\(weight.shape[1]), out_features=\(weight.shape[0]), "
      + "bias=\(bias == nil ? "False" : "True")"
  }
}

// libtorch's operator, or a faster one with the same result.
private let linearOp = Operator("lockstep::linear")
