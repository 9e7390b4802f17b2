/// How an input is resized; the raw values are PyTorch's.
public enum InterpolationMode: String, Sendable {
  /// By repetition of the nearest element, in PyTorch's older definition.
  case nearest
  /// By repetition of the nearest element, as image libraries define it.
  case nearestExact = "nearest-exact"
  /// On the line between neighbors, for `[batch, channels, length]`.
  case linear
  /// On the plane between neighbors, for `[batch, channels, height, width]`.
  case bilinear
  /// On a cubic surface, for `[batch, channels, height, width]`.
  case bicubic
  /// Between neighbors, for `[batch, channels, depth, height, width]`.
  case trilinear
  /// By the mean of the area that an element covers.
  case area

  /// Whether the corners of input and output can be aligned.
  var hasCorners: Bool {
    switch self {
    case .linear, .bilinear, .bicubic, .trilinear: true
    case .nearest, .nearestExact, .area: false
    }
  }

  /// The operator of the mode for a number of dimensions, or `nil` if it has none.
  func interpolator(_ dimensions: Int) -> Operator? {
    switch (self, dimensions) {
    case (.nearest, 1...3): nearestOp[dimensions - 1]
    case (.nearestExact, 1...3): nearestExactOp[dimensions - 1]
    case (.linear, 1): linearOp
    case (.bilinear, 2): bilinearOp
    case (.bicubic, 2): bicubicOp
    case (.trilinear, 3): trilinearOp
    default: nil
    }
  }
}

private let nearestOp = (1...3).map { Operator("aten::upsample_nearest\($0)d", "vec") }
private let nearestExactOp = (1...3).map { Operator("aten::_upsample_nearest_exact\($0)d", "vec") }
private let linearOp = Operator("aten::upsample_linear1d", "vec")
private let bilinearOp = Operator("aten::upsample_bilinear2d", "vec")
private let bicubicOp = Operator("aten::upsample_bicubic2d", "vec")
private let trilinearOp = Operator("aten::upsample_trilinear3d", "vec")
