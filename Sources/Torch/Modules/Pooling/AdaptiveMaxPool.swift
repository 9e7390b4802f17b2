/// Max pooling of lengths to a given size, like PyTorch's `nn.AdaptiveMaxPool1d`.
///
/// Maps `[batch, channels, length]` to `[batch, channels, outputSize]`; the batch may be absent.
public final class AdaptiveMaxPool1d: AdaptiveMaxPooling {
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
    super.init(1, .max, outputSize, file: file, line: line)
  }
}

/// Max pooling of pictures to a given size, like PyTorch's `nn.AdaptiveMaxPool2d`.
///
/// Maps `[batch, channels, height, width]` to `[batch, channels] + outputSize`; the batch may be
/// absent.
public final class AdaptiveMaxPool2d: AdaptiveMaxPooling {
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
    super.init(2, .max, outputSize, file: file, line: line)
  }
}

/// Max pooling of volumes to a given size, like PyTorch's `nn.AdaptiveMaxPool3d`.
///
/// Maps `[batch, channels, depth, height, width]` to `[batch, channels] + outputSize`; the batch
/// may be absent.
public final class AdaptiveMaxPool3d: AdaptiveMaxPooling {
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
    super.init(3, .max, outputSize, file: file, line: line)
  }
}
