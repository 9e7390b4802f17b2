/// Max pooling of pictures over windows at random places, like PyTorch's `nn.FractionalMaxPool2d`.
///
/// Ben Graham 2014, "Fractional Max-Pooling". The input has shape
/// `[batch, channels, height, width]`; the batch may be absent.
public final class FractionalMaxPool2d: FractionalMaxPooling {
  /// Creates a pooling; either `outputSize` or `outputRatio` is given.
  ///
  /// - Parameters:
  ///   - kernelSize: The size of a window: one integer for both dimensions, or two.
  ///   - outputSize: The size of the output.
  ///   - outputRatio: The size of the output as a fraction of that of the input.
  ///   - randomSamples: Draws from [0, 1) in place of random ones, `[batch, channels, 2]`; a buffer
  ///     of the module.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes are at least 1, ratios between 0 and 1.
  public init(
    _ kernelSize: any IntegerList, outputSize: (any IntegerList)? = nil,
    outputRatio: (any NumberList)? = nil, randomSamples: Tensor? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      2, kernelSize, outputSize: outputSize, outputRatio: outputRatio,
      randomSamples: randomSamples, file: file, line: line)
  }
}

/// Max pooling of volumes over windows at random places, like PyTorch's `nn.FractionalMaxPool3d`.
///
/// Ben Graham 2014, "Fractional Max-Pooling". The input has shape
/// `[batch, channels, depth, height, width]`; the batch may be absent.
public final class FractionalMaxPool3d: FractionalMaxPooling {
  /// Creates a pooling; either `outputSize` or `outputRatio` is given.
  ///
  /// - Parameters:
  ///   - kernelSize: The size of a window: one integer for all dimensions, or three.
  ///   - outputSize: The size of the output.
  ///   - outputRatio: The size of the output as a fraction of that of the input.
  ///   - randomSamples: Draws from [0, 1) in place of random ones, `[batch, channels, 3]`; a buffer
  ///     of the module.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes are at least 1, ratios between 0 and 1.
  public init(
    _ kernelSize: any IntegerList, outputSize: (any IntegerList)? = nil,
    outputRatio: (any NumberList)? = nil, randomSamples: Tensor? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      3, kernelSize, outputSize: outputSize, outputRatio: outputRatio,
      randomSamples: randomSamples, file: file, line: line)
  }
}
