internal import Support

/// A convolution over images, like PyTorch's `nn.Conv2d` with square kernels.
public final class Conv2d: Module {
  /// Shape `[outputs, inputs, kernel, kernel]`.
  public let weight: Tensor
  /// Shape `[outputs]`.
  public let bias: Tensor
  private let stride: Int
  private let padding: Int

  /// Creates a convolution with weight and bias drawn uniformly from ±1/√(inputs kernel²), as in
  /// PyTorch.
  ///
  /// - Parameters:
  ///   - inputs: The number of input channels.
  ///   - outputs: The number of output channels.
  ///   - kernel: The side length of the kernel.
  ///   - stride: The distance between kernel positions.
  ///   - padding: The width of the zero padding on each side.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: `kernel` and `stride` are at least 1, `padding` at least 0.
  public init(
    _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    require(kernel >= 1, "kernel is \(kernel); use 1 or more", file: file, line: line)
    require(stride >= 1, "stride is \(stride); use 1 or more", file: file, line: line)
    require(padding >= 0, "padding is \(padding); use 0 or more", file: file, line: line)
    self.stride = stride
    self.padding = padding
    let bound = 1 / Double(Swift.max(inputs * kernel * kernel, 1)).squareRoot()
    weight = Tensor.empty([outputs, inputs, kernel, kernel])
    bias = Tensor.empty([outputs])
    noGrad {
      weight.uniform_(from: -bound, to: bound)
      bias.uniform_(from: -bound, to: bound)
    }
    weight.requiresGrad = true
    bias.requiresGrad = true
  }

  /// Maps `[batch, inputs, height, width]` to `[batch, outputs, …, …]`.
  public func forward(_ input: Tensor) -> Tensor {
    Conv2d.isLibraryInitialized
    return Conv2d.convolve(input, weight, bias, stride: stride, padding: padding)
  }

  /// The sizes, as PyTorch prints them.
  public var extraRepr: String {
    let shape = weight.shape
    return "\(shape[1]), \(shape[0]), kernel_size=(\(shape[2]), \(shape[3])), "
      + "stride=(\(stride), \(stride))" + (padding == 0 ? "" : ", padding=(\(padding), \(padding))")
  }

  private static func convolve(
    _ input: Tensor, _ weight: Tensor, _ bias: Tensor, stride: Int, padding: Int
  ) -> Tensor {
    conv2dOp.tensor(
      .tensor(input), .tensor(weight), .tensor(bias), .ints([stride, stride]),
      .ints([padding, padding]))
  }

  /// Runs a convolution and its backward once per process, while other threads wait.
  ///
  /// oneDNN's first convolution is not thread-safe (libtorch 2.13: a bad pointer in
  /// `get_reorder_implementation_list`).
  private static let isLibraryInitialized: Void = enableGrad {
    let weight = Tensor.zeros([4, 2, 3, 3])
    weight.requiresGrad = true
    let input = Tensor.zeros([2, 2, 5, 5])
    input.requiresGrad = true
    try? convolve(input, weight, Tensor.zeros([4]), stride: 1, padding: 0).sum().backward()
  }
}

private let conv2dOp = Operator("aten::conv2d")
