/// A transposed convolution over a length, like PyTorch's `nn.ConvTranspose1d`.
///
/// Maps `[batch, inChannels, length]` to
/// `[batch, outChannels, length]`; the batch may be absent.
public final class ConvTranspose1d: TransposedConvolution {
  /// Creates a convolution with weight and bias drawn as in PyTorch, uniformly from ±1/√fanIn.
  ///
  /// - Parameters:
  ///   - inChannels: The number of input channels.
  ///   - outChannels: The number of output channels.
  ///   - kernelSize: The size of the kernel; one integer.
  ///   - stride: The distance between the positions of the kernel in the output.
  ///   - padding: The width that is removed from both sides of the output.
  ///   - outputPadding: The width that is added to the end of the output.
  ///   - groups: The number of groups of channels that are convolved separately.
  ///   - bias: Whether a learned number is added to each output channel.
  ///   - dilation: The distance between elements of the kernel.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes, strides, dilations and groups are at least 1, paddings at least 0;
  ///   `groups` divides both numbers of channels.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernelSize: any IntegerList,
    stride: any IntegerList = 1, padding: any IntegerList = 0, outputPadding: any IntegerList = 0,
    groups: Int = 1, bias: Bool = true, dilation: any IntegerList = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      1, inChannels, outChannels, kernelSize: kernelSize, stride: stride, padding: padding,
      outputPadding: outputPadding, groups: groups, bias: bias, dilation: dilation, file: file,
      line: line)
  }
}
