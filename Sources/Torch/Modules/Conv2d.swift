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
    Conv2d.libraryIsReady
    return Conv2d.convolve(input, weight, bias, stride: stride, padding: padding)
  }

  private static func convolve(
    _ input: Tensor, _ weight: Tensor, _ bias: Tensor, stride: Int, padding: Int
  ) -> Tensor {
    conv2d.tensor(
      .tensor(input), .tensor(weight), .tensor(bias), .ints([stride, stride]),
      .ints([padding, padding]))
  }

  /// One convolution and its backward, made once, by one thread while others wait: oneDNN's first is not
  /// safe beside another (libtorch 2.13: a bad pointer in `get_reorder_implementation_list`).
  private static let libraryIsReady: Void = withGradients {
    let weight = Tensor(zeros: [4, 2, 3, 3])
    weight.requiresGrad = true
    let input = Tensor(zeros: [2, 2, 5, 5])
    input.requiresGrad = true
    try? convolve(input, weight, Tensor(zeros: [4]), stride: 1, padding: 0).sum().backward()
  }
}

private let conv2d = Operator("aten::conv2d")
