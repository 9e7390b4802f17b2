/// Average pooling of lengths to a given size, like PyTorch's `nn.AdaptiveAvgPool1d`.
///
/// Maps `[batch, channels, length]` to `[batch, channels, outputSize]`; the batch may be absent.
public final class AdaptiveAvgPool1d: AdaptivePooling {
  /// Creates a pooling.
  ///
  /// - Parameters:
  ///   - outputSize: The size of the output: one integer; `nil` is the size of the input.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes are at least 0.
  public init(
    _ outputSize: any OptionalIntegerList, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(1, .avg, outputSize, file: file, line: line)
  }
}

/// Average pooling of pictures to a given size, like PyTorch's `nn.AdaptiveAvgPool2d`.
///
/// Maps `[batch, channels, height, width]` to `[batch, channels] + outputSize`; the batch may be
/// absent.
public final class AdaptiveAvgPool2d: AdaptivePooling {
  /// Creates a pooling.
  ///
  /// - Parameters:
  ///   - outputSize: The size of the output: one integer for both dimensions, or two; `nil` is the
  ///     size of the input.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes are at least 0.
  public init(
    _ outputSize: any OptionalIntegerList, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(2, .avg, outputSize, file: file, line: line)
  }
}

/// Average pooling of volumes to a given size, like PyTorch's `nn.AdaptiveAvgPool3d`.
///
/// Maps `[batch, channels, depth, height, width]` to `[batch, channels] + outputSize`; the batch
/// may be absent.
public final class AdaptiveAvgPool3d: AdaptivePooling {
  /// Creates a pooling.
  ///
  /// - Parameters:
  ///   - outputSize: The size of the output: one integer for all dimensions, or three; `nil` is the
  ///     size of the input.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: Sizes are at least 0.
  public init(
    _ outputSize: any OptionalIntegerList, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(3, .avg, outputSize, file: file, line: line)
  }
}
