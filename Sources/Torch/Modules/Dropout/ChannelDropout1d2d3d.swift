/// Zeroes whole channels of a length at random in training mode, like PyTorch's `nn.Dropout1d`.
///
/// The other channels are scaled up to preserve the expectation. The input has shape
/// `[batch, channels, length]` or `[channels, length]`.
public final class Dropout1d: ChannelDropout {
  /// Creates a dropout module.
  ///
  /// - Precondition: The probability is in [0, 1].
  public init(_ p: Double = 0.5, file: StaticString = #fileID, line: UInt = #line) {
    super.init(1, p, file: file, line: line)
  }
}

/// Zeroes whole channels of pictures at random in training mode, like PyTorch's `nn.Dropout2d`.
///
/// The other channels are scaled up to preserve the expectation. The input has shape
/// `[batch, channels, height, width]`. As in PyTorch, three
/// dimensions are `[batch, channels, length]`, not a picture without a batch.
public final class Dropout2d: ChannelDropout {
  /// Creates a dropout module.
  ///
  /// - Precondition: The probability is in [0, 1].
  public init(_ p: Double = 0.5, file: StaticString = #fileID, line: UInt = #line) {
    super.init(2, p, file: file, line: line)
  }
}

/// Zeroes whole channels of volumes at random in training mode, like PyTorch's `nn.Dropout3d`.
///
/// The other channels are scaled up to preserve the expectation. The input has shape
/// `[batch, channels, depth, height, width]`; the batch may be
/// absent.
public final class Dropout3d: ChannelDropout {
  /// Creates a dropout module.
  ///
  /// - Precondition: The probability is in [0, 1].
  public init(_ p: Double = 0.5, file: StaticString = #fileID, line: UInt = #line) {
    super.init(3, p, file: file, line: line)
  }
}
