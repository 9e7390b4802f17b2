/// The affine map y = x Wᵀ + b.
public final class Linear: Module {
  /// Shape `[outputs, inputs]`.
  public let weight: Tensor
  /// Shape `[outputs]`; `nil` without a bias.
  public let bias: Tensor?

  /// Draws weight and bias uniformly from ±1/√inputs, as PyTorch's `nn.Linear`.
  public convenience init(_ inputs: Int, _ outputs: Int, hasBias: Bool = true) {
    self.init(uninitialized: inputs, outputs, hasBias: hasBias)
    let bound = 1 / Double(Swift.max(inputs, 1)).squareRoot()
    withoutGradients {
      weight.fillUniform(in: -bound..<bound)
      bias?.fillUniform(in: -bound..<bound)
    }
  }

  /// Leaves weight and bias as memory holds them, for a caller that sets them anyway.
  public init(uninitialized inputs: Int, _ outputs: Int, hasBias: Bool = true) {
    weight = Tensor(empty: [outputs, inputs])
    weight.requiresGrad = true
    bias = hasBias ? Tensor(empty: [outputs]) : nil
    bias?.requiresGrad = true
  }

  /// Maps `[…, inputs]` to `[…, outputs]`.
  public func forward(_ input: Tensor) -> Tensor {
    linear.tensor(.tensor(input), .tensor(weight), .optionalTensor(bias))
  }
}

// libtorch's, or a quicker one with the same result.
private let linear = Operator("lockstep::linear")
