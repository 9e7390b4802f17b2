/// The partial inverse of ``MaxPool1d``, like PyTorch's `nn.MaxUnpool1d`.
///
/// Call it with the maxima and the indices: `try unpool(output, indices)`. Elements that are not a
/// maximum are 0.
public final class MaxUnpool1d: MaxUnpooling {
  /// Creates an inverse of a pooling with these arguments.
  ///
  /// - Parameters:
  ///   - kernelSize: The size of a window: one integer.
  ///   - stride: The distance between windows; `nil` is the size of a window.
  ///   - padding: The width of the padding on both sides of the input of the pooling.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes and strides are at least 1, paddings at least 0.
  public init(
    _ kernelSize: any IntegerList, stride: (any IntegerList)? = nil, padding: any IntegerList = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(1, kernelSize, stride: stride, padding: padding, file: file, line: line)
  }
}

/// The partial inverse of ``MaxPool2d``, like PyTorch's `nn.MaxUnpool2d`.
///
/// Call it with the maxima and the indices: `try unpool(output, indices)`. Elements that are not a
/// maximum are 0.
public final class MaxUnpool2d: MaxUnpooling {
  /// Creates an inverse of a pooling with these arguments.
  ///
  /// - Parameters:
  ///   - kernelSize: The size of a window: one integer for both dimensions, or two.
  ///   - stride: The distance between windows; `nil` is the size of a window.
  ///   - padding: The width of the padding on both sides of the input of the pooling.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes and strides are at least 1, paddings at least 0.
  public init(
    _ kernelSize: any IntegerList, stride: (any IntegerList)? = nil, padding: any IntegerList = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(2, kernelSize, stride: stride, padding: padding, file: file, line: line)
  }
}

/// The partial inverse of ``MaxPool3d``, like PyTorch's `nn.MaxUnpool3d`.
///
/// Call it with the maxima and the indices: `try unpool(output, indices)`. Elements that are not a
/// maximum are 0.
public final class MaxUnpool3d: MaxUnpooling {
  /// Creates an inverse of a pooling with these arguments.
  ///
  /// - Parameters:
  ///   - kernelSize: The size of a window: one integer for all dimensions, or three.
  ///   - stride: The distance between windows; `nil` is the size of a window.
  ///   - padding: The width of the padding on both sides of the input of the pooling.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes and strides are at least 1, paddings at least 0.
  public init(
    _ kernelSize: any IntegerList, stride: (any IntegerList)? = nil, padding: any IntegerList = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(3, kernelSize, stride: stride, padding: padding, file: file, line: line)
  }
}
