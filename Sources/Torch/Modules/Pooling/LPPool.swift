/// Power-average pooling over lengths, like PyTorch's `nn.LPPool1d`.
///
/// Each output is the p-norm of a window, (Σ xᵖ)^(1/p). The input has shape
/// `[batch, channels, length]`; the batch may be absent.
public final class LPPool1d: LPPooling {
  /// Creates a pooling.
  ///
  /// - Parameters:
  ///   - normType: The exponent p; infinity gives max pooling of the absolute values.
  ///   - kernelSize: The size of a window: one integer.
  ///   - stride: The distance between windows; `nil` is the size of a window.
  ///   - ceilMode: Whether incomplete windows at the end count.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes and strides are at least 1.
  public init(
    _ normType: Double, _ kernelSize: any IntegerList, stride: (any IntegerList)? = nil,
    ceilMode: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      1, normType, kernelSize, stride: stride, ceilMode: ceilMode, file: file, line: line)
  }
}

/// Power-average pooling over pictures, like PyTorch's `nn.LPPool2d`.
///
/// Each output is the p-norm of a window, (Σ xᵖ)^(1/p). The input has shape
/// `[batch, channels, height, width]`; the batch may be absent.
public final class LPPool2d: LPPooling {
  /// Creates a pooling.
  ///
  /// - Parameters:
  ///   - normType: The exponent p; infinity gives max pooling of the absolute values.
  ///   - kernelSize: The size of a window: one integer for both dimensions, or two.
  ///   - stride: The distance between windows; `nil` is the size of a window.
  ///   - ceilMode: Whether incomplete windows at the end count.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes and strides are at least 1.
  public init(
    _ normType: Double, _ kernelSize: any IntegerList, stride: (any IntegerList)? = nil,
    ceilMode: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      2, normType, kernelSize, stride: stride, ceilMode: ceilMode, file: file, line: line)
  }
}

/// Power-average pooling over volumes, like PyTorch's `nn.LPPool3d`.
///
/// Each output is the p-norm of a window, (Σ xᵖ)^(1/p). The input has shape
/// `[batch, channels, depth, height, width]`; the batch may be absent.
public final class LPPool3d: LPPooling {
  /// Creates a pooling.
  ///
  /// - Parameters:
  ///   - normType: The exponent p; infinity gives max pooling of the absolute values.
  ///   - kernelSize: The size of a window: one integer for all dimensions, or three.
  ///   - stride: The distance between windows; `nil` is the size of a window.
  ///   - ceilMode: Whether incomplete windows at the end count.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes and strides are at least 1.
  public init(
    _ normType: Double, _ kernelSize: any IntegerList, stride: (any IntegerList)? = nil,
    ceilMode: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      3, normType, kernelSize, stride: stride, ceilMode: ceilMode, file: file, line: line)
  }
}
