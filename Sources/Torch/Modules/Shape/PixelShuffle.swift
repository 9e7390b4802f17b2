internal import Support

/// Moves channels to positions: `[…, channels r², height, width]` to
/// `[…, channels, height r, width r]`.
///
/// Like PyTorch's `nn.PixelShuffle` (Shi et al. 2016).
public final class PixelShuffle: Module {
  /// The factor r.
  public let upscaleFactor: Int

  /// Creates the function.
  ///
  /// - Precondition: The factor is at least 1.
  public init(_ upscaleFactor: Int, file: StaticString = #fileID, line: UInt = #line) {
    require(
      upscaleFactor >= 1, "upscaleFactor is \(upscaleFactor); use 1 or more", file: file,
      line: line)
    self.upscaleFactor = upscaleFactor
  }

  /// Moves the channels.
  public func forward(_ input: Tensor) -> Tensor { input.pixelShuffle(upscaleFactor) }

  /// The factor, as PyTorch prints it.
  public var extraRepr: String { "upscale_factor=\(upscaleFactor)" }
}

/// The inverse of ``PixelShuffle``, like PyTorch's `nn.PixelUnshuffle`.
public final class PixelUnshuffle: Module {
  /// The factor by which height and width are divided.
  public let downscaleFactor: Int

  /// Creates the function.
  ///
  /// - Precondition: The factor is at least 1.
  public init(_ downscaleFactor: Int, file: StaticString = #fileID, line: UInt = #line) {
    require(
      downscaleFactor >= 1, "downscaleFactor is \(downscaleFactor); use 1 or more", file: file,
      line: line)
    self.downscaleFactor = downscaleFactor
  }

  /// Moves positions to channels.
  public func forward(_ input: Tensor) -> Tensor { input.pixelUnshuffle(downscaleFactor) }

  /// The factor, as PyTorch prints it.
  public var extraRepr: String { "downscale_factor=\(downscaleFactor)" }
}

/// Interleaves groups of channels.
///
/// Like PyTorch's `nn.ChannelShuffle` (Zhang et al. 2017).
public final class ChannelShuffle: Module {
  /// The number of groups, which divides the number of channels.
  public let groups: Int

  /// Creates the function.
  ///
  /// - Precondition: There is at least one group.
  public init(_ groups: Int, file: StaticString = #fileID, line: UInt = #line) {
    require(groups >= 1, "groups is \(groups); use 1 or more", file: file, line: line)
    self.groups = groups
  }

  /// Interleaves the channels of `[batch, channels, …]`.
  public func forward(_ input: Tensor) -> Tensor { input.channelShuffle(groups) }

  /// The number of groups, as PyTorch prints it.
  public var extraRepr: String { "groups=\(groups)" }
}
