internal import Support

/// Resizes the dimensions after batch and channels, like PyTorch's `nn.Upsample`.
///
/// The input has shape `[batch, channels, …]`, with one to three further dimensions.
public class Upsample: Module {
  private let size: (any IntegerList)?
  private let scaleFactor: (any NumberList)?
  private let mode: InterpolationMode
  private let alignCorners: Bool?
  private let recomputeScaleFactor: Bool

  /// Creates the function; either `size` or `scaleFactor` is given.
  ///
  /// - Parameters:
  ///   - size: The size of the output.
  ///   - scaleFactor: The size of the output as a multiple of that of the input.
  ///   - mode: How the elements are computed.
  ///   - alignCorners: Whether the centers of the corner elements of input and output are at the
  ///     same place, for the modes that interpolate between neighbors.
  ///   - recomputeScaleFactor: Whether the factor follows from the rounded size of the output.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  public init(
    size: (any IntegerList)? = nil, scaleFactor: (any NumberList)? = nil,
    mode: InterpolationMode = .nearest, alignCorners: Bool? = nil,
    recomputeScaleFactor: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      (size == nil) != (scaleFactor == nil),
      "pass either size or scaleFactor: the output has one size", file: file, line: line)
    self.size = size
    self.scaleFactor = scaleFactor
    self.mode = mode
    self.alignCorners = alignCorners
    self.recomputeScaleFactor = recomputeScaleFactor
  }

  /// Resizes the input.
  public func forward(_ input: Tensor) -> Tensor {
    input.interpolate(
      size: size, scaleFactor: scaleFactor, mode: mode, alignCorners: alignCorners,
      recomputeScaleFactor: recomputeScaleFactor)
  }

  /// The settings, as PyTorch prints them.
  public var extraRepr: String {
    let size = size.map { "size=\(pythonText($0))" }
    let factor = scaleFactor.map { "scale_factor=\(pythonText($0))" }
    return "\(size ?? factor ?? ""), mode='\(mode.rawValue)'"
  }
}

/// Resizes pictures by repetition of the nearest element, like PyTorch's `nn.UpsamplingNearest2d`.
///
/// The input has shape `[batch, channels, height, width]`.
public final class UpsamplingNearest2d: Upsample {
  /// Creates the function; either `size` or `scaleFactor` is given.
  public init(
    size: (any IntegerList)? = nil, scaleFactor: (any NumberList)? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(size: size, scaleFactor: scaleFactor, file: file, line: line)
  }
}

/// Resizes pictures by bilinear interpolation with aligned corners, like PyTorch's
/// `nn.UpsamplingBilinear2d`.
///
/// The input has shape `[batch, channels, height, width]`.
public final class UpsamplingBilinear2d: Upsample {
  /// Creates the function; either `size` or `scaleFactor` is given.
  public init(
    size: (any IntegerList)? = nil, scaleFactor: (any NumberList)? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      size: size, scaleFactor: scaleFactor, mode: .bilinear, alignCorners: true, file: file,
      line: line)
  }
}
