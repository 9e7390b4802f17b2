/// Average pooling over lengths, like PyTorch's `nn.AvgPool1d`.
///
/// The input has shape `[batch, channels, length]`; the batch may be absent.
public final class AvgPool1d: AvgPooling {
  /// Creates a pooling.
  ///
  /// - Parameters:
  ///   - kernelSize: The size of a window: one integer.
  ///   - stride: The distance between windows; `nil` is the size of a window.
  ///   - padding: The width of the zero padding on both sides.
  ///   - ceilMode: Whether incomplete windows at the end count.
  ///   - countIncludePad: Whether the padding counts in the means.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes and strides are at least 1, paddings at least 0.
  public init(
    _ kernelSize: any IntegerList, stride: (any IntegerList)? = nil, padding: any IntegerList = 0,
    ceilMode: Bool = false, countIncludePad: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      1, kernelSize, stride: stride, padding: padding, ceilMode: ceilMode,
      countIncludePad: countIncludePad, file: file, line: line)
  }
}

/// Average pooling over pictures, like PyTorch's `nn.AvgPool2d`.
///
/// The input has shape `[batch, channels, height, width]`; the batch may be absent.
public final class AvgPool2d: AvgPooling {
  /// Creates a pooling.
  ///
  /// - Parameters:
  ///   - kernelSize: The size of a window: one integer for both dimensions, or two.
  ///   - stride: The distance between windows; `nil` is the size of a window.
  ///   - padding: The width of the zero padding on both sides.
  ///   - ceilMode: Whether incomplete windows at the end count.
  ///   - countIncludePad: Whether the padding counts in the means.
  ///   - divisorOverride: The divisor of the sums in place of the size of a window.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes and strides are at least 1, paddings at least 0;
  ///   `divisorOverride` is not 0.
  public init(
    _ kernelSize: any IntegerList, stride: (any IntegerList)? = nil, padding: any IntegerList = 0,
    ceilMode: Bool = false, countIncludePad: Bool = true, divisorOverride: Int? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      2, kernelSize, stride: stride, padding: padding, ceilMode: ceilMode,
      countIncludePad: countIncludePad, divisorOverride: divisorOverride, file: file, line: line)
  }
}

/// Average pooling over volumes, like PyTorch's `nn.AvgPool3d`.
///
/// The input has shape `[batch, channels, depth, height, width]`; the batch may be absent.
public final class AvgPool3d: AvgPooling {
  /// Creates a pooling.
  ///
  /// - Parameters:
  ///   - kernelSize: The size of a window: one integer for all dimensions, or three.
  ///   - stride: The distance between windows; `nil` is the size of a window.
  ///   - padding: The width of the zero padding on both sides.
  ///   - ceilMode: Whether incomplete windows at the end count.
  ///   - countIncludePad: Whether the padding counts in the means.
  ///   - divisorOverride: The divisor of the sums in place of the size of a window.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes and strides are at least 1, paddings at least 0;
  ///   `divisorOverride` is not 0.
  public init(
    _ kernelSize: any IntegerList, stride: (any IntegerList)? = nil, padding: any IntegerList = 0,
    ceilMode: Bool = false, countIncludePad: Bool = true, divisorOverride: Int? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      3, kernelSize, stride: stride, padding: padding, ceilMode: ceilMode,
      countIncludePad: countIncludePad, divisorOverride: divisorOverride, file: file, line: line)
  }
}
