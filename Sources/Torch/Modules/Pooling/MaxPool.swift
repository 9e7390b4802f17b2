/// Max pooling over lengths, like PyTorch's `nn.MaxPool1d`.
///
/// The input has shape `[batch, channels, length]`; the batch may be absent.
public final class MaxPool1d: MaxPooling {
  /// Creates a pooling.
  ///
  /// - Parameters:
  ///   - kernelSize: The size of a window: one integer.
  ///   - stride: The distance between windows; `nil` is the size of a window.
  ///   - padding: The width of the padding on both sides; its elements are never a maximum.
  ///   - dilation: The distance between the elements of a window.
  ///   - ceilMode: Whether incomplete windows at the end count.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes, strides and dilations are at least 1, paddings at least 0.
  public init(
    _ kernelSize: any IntegerList, stride: (any IntegerList)? = nil, padding: any IntegerList = 0,
    dilation: any IntegerList = 1, ceilMode: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    super.init(
      1, kernelSize, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode,
      file: file, line: line)
  }
}

/// Max pooling over pictures, like PyTorch's `nn.MaxPool2d`.
///
/// The input has shape `[batch, channels, height, width]`; the batch may be absent.
public final class MaxPool2d: MaxPooling {
  /// Creates a pooling.
  ///
  /// - Parameters:
  ///   - kernelSize: The size of a window: one integer for both dimensions, or two.
  ///   - stride: The distance between windows; `nil` is the size of a window.
  ///   - padding: The width of the padding on both sides; its elements are never a maximum.
  ///   - dilation: The distance between the elements of a window.
  ///   - ceilMode: Whether incomplete windows at the end count.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes, strides and dilations are at least 1, paddings at least 0.
  public init(
    _ kernelSize: any IntegerList, stride: (any IntegerList)? = nil, padding: any IntegerList = 0,
    dilation: any IntegerList = 1, ceilMode: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    super.init(
      2, kernelSize, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode,
      file: file, line: line)
  }
}

/// Max pooling over volumes, like PyTorch's `nn.MaxPool3d`.
///
/// The input has shape `[batch, channels, depth, height, width]`; the batch may be absent.
public final class MaxPool3d: MaxPooling {
  /// Creates a pooling.
  ///
  /// - Parameters:
  ///   - kernelSize: The size of a window: one integer for all dimensions, or three.
  ///   - stride: The distance between windows; `nil` is the size of a window.
  ///   - padding: The width of the padding on both sides; its elements are never a maximum.
  ///   - dilation: The distance between the elements of a window.
  ///   - ceilMode: Whether incomplete windows at the end count.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes, strides and dilations are at least 1, paddings at least 0.
  public init(
    _ kernelSize: any IntegerList, stride: (any IntegerList)? = nil, padding: any IntegerList = 0,
    dilation: any IntegerList = 1, ceilMode: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    super.init(
      3, kernelSize, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode,
      file: file, line: line)
  }
}
