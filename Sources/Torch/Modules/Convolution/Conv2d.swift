/// A convolution over pictures, like PyTorch's `nn.Conv2d`.
///
/// Maps `[batch, inChannels, height, width]` to
/// `[batch, outChannels, height, width]`; the batch may be absent.
public final class Conv2d: Convolution {
  /// Creates a convolution with weight and bias drawn as in PyTorch, uniformly from ±1/√fanIn.
  ///
  /// - Parameters:
  ///   - inChannels: The number of input channels.
  ///   - outChannels: The number of output channels.
  ///   - kernelSize: The size of the kernel; one integer for all dimensions, or two.
  ///   - stride: The distance between kernel positions.
  ///   - padding: The width of the padding on both sides, or `.same` or `.valid`.
  ///   - dilation: The distance between elements of the kernel.
  ///   - groups: The number of groups of channels that are convolved separately.
  ///   - bias: Whether a learned number is added to each output channel.
  ///   - paddingMode: What is put around the input.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes, strides, dilations and groups are at least 1, paddings at least 0;
  ///   `groups` divides both numbers of channels; `.same` has a stride of 1.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernelSize: any IntegerList,
    stride: any IntegerList = 1, padding: any ConvolutionPaddingOption = 0,
    dilation: any IntegerList = 1, groups: Int = 1, bias: Bool = true,
    paddingMode: ConvolutionPaddingMode = .zeros, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    super.init(
      2, inChannels, outChannels, kernelSize: kernelSize, stride: stride, padding: padding,
      dilation: dilation, groups: groups, bias: bias, paddingMode: paddingMode, file: file,
      line: line)
  }
}
