/// A convolution over images, as PyTorch's `nn.Conv2d` with square kernels.
public final class Conv2d: Module {
  /// Shape `[outputs, inputs, kernel, kernel]`.
  public let weight: Tensor
  /// Shape `[outputs]`.
  public let bias: Tensor
  private let stride: Int
  private let padding: Int

  /// Draws weight and bias uniformly from ±1/√(inputs kernel²), as PyTorch.
  ///
  /// - Parameters:
  ///   - inputs: Channels of the input.
  ///   - outputs: Channels of the output.
  ///   - kernel: The side of the kernel.
  ///   - stride: The distance between places.
  ///   - padding: Zeros added on each side.
  public init(_ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0) {
    (self.stride, self.padding) = (stride, padding)
    let bound = 1 / Double(Swift.max(inputs * kernel * kernel, 1)).squareRoot()
    weight = Tensor(empty: [outputs, inputs, kernel, kernel])
    bias = Tensor(empty: [outputs])
    withoutGradients {
      weight.fillUniform(in: -bound..<bound)
      bias.fillUniform(in: -bound..<bound)
    }
    weight.requiresGrad = true
    bias.requiresGrad = true
  }

  /// Maps `[batch, inputs, height, width]` to `[batch, outputs, …]`.
  public func forward(_ input: Tensor) -> Tensor {
    conv2d.tensor(
      .tensor(input), .tensor(weight), .tensor(bias), .ints([stride, stride]),
      .ints([padding, padding]))
  }
}

private let conv2d = Operator("aten::conv2d")
