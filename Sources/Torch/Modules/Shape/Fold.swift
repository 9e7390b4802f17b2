/// The sliding blocks of pictures as columns, like PyTorch's `nn.Unfold`.
///
/// Maps `[batch, channels, height, width]` to `[batch, channels × kernel elements, blocks]`; the
/// batch may be absent.
public final class Unfold: Module {
  private let blocks: SlidingBlocks

  /// Creates the function.
  ///
  /// - Parameters:
  ///   - kernelSize: The size of a block: one integer for both dimensions, or two.
  ///   - dilation: The distance between the elements of a block.
  ///   - padding: The width of the zero padding on both sides.
  ///   - stride: The distance between blocks.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes, strides and dilations are at least 1, paddings at least 0.
  public init(
    _ kernelSize: any IntegerList, dilation: any IntegerList = 1, padding: any IntegerList = 0,
    stride: any IntegerList = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    blocks = SlidingBlocks(kernelSize, dilation, padding, stride, file: file, line: line)
  }

  /// Copies the blocks.
  public func forward(_ input: Tensor) -> Tensor {
    input.unfoldBlocks(
      kernelSize: blocks.kernelSize, dilation: blocks.dilation, padding: blocks.padding,
      stride: blocks.stride)
  }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String { blocks.text }
}

/// The sums of overlapping blocks, like PyTorch's `nn.Fold`.
///
/// Maps `[batch, channels × kernel elements, blocks]` to `[batch, channels] + outputSize`; the
/// batch may be absent.
public final class Fold: Module {
  private let outputSize: any IntegerList
  private let blocks: SlidingBlocks

  /// Creates the function.
  ///
  /// - Parameters:
  ///   - outputSize: The size of the output: one integer for both dimensions, or two.
  ///   - kernelSize: The size of a block.
  ///   - dilation: The distance between the elements of a block.
  ///   - padding: The width of the zero padding on both sides.
  ///   - stride: The distance between blocks.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes, strides and dilations are at least 1, paddings at least 0.
  public init(
    _ outputSize: any IntegerList, kernelSize: any IntegerList, dilation: any IntegerList = 1,
    padding: any IntegerList = 0, stride: any IntegerList = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    _ = spatial(outputSize, 2, "outputSize", atLeast: 1, file: file, line: line)
    self.outputSize = outputSize
    blocks = SlidingBlocks(kernelSize, dilation, padding, stride, file: file, line: line)
  }

  /// Adds the blocks.
  public func forward(_ input: Tensor) -> Tensor {
    input.fold(
      outputSize: outputSize, kernelSize: blocks.kernelSize, dilation: blocks.dilation,
      padding: blocks.padding, stride: blocks.stride)
  }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String { "output_size=\(pythonText(outputSize)), \(blocks.text)" }
}

/// The blocks that a window takes as it slides over a picture.
private struct SlidingBlocks: Sendable {
  let kernelSize: any IntegerList
  let dilation: any IntegerList
  let padding: any IntegerList
  let stride: any IntegerList

  init(
    _ kernelSize: any IntegerList, _ dilation: any IntegerList, _ padding: any IntegerList,
    _ stride: any IntegerList, file: StaticString, line: UInt
  ) {
    for (name, list) in [("kernelSize", kernelSize), ("dilation", dilation), ("stride", stride)] {
      _ = spatial(list, 2, name, atLeast: 1, file: file, line: line)
    }
    _ = spatial(padding, 2, "padding", atLeast: 0, file: file, line: line)
    self.kernelSize = kernelSize
    self.dilation = dilation
    self.padding = padding
    self.stride = stride
  }

  var text: String {
    "kernel_size=\(pythonText(kernelSize)), dilation=\(pythonText(dilation)), "
      + "padding=\(pythonText(padding)), stride=\(pythonText(stride))"
  }
}
