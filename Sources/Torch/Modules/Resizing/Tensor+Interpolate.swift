extension Tensor {
  /// Resizes the dimensions after batch and channels, like `torch.nn.functional.interpolate`.
  ///
  /// A mode that does not fit the number of dimensions, and both or neither of `size` and
  /// `scaleFactor`, are a failed operator.
  ///
  /// - Parameters:
  ///   - size: The size of the output.
  ///   - scaleFactor: The size of the output as a multiple of that of the input.
  ///   - mode: How the elements are computed.
  ///   - alignCorners: Whether the centers of the corner elements of input and output are at the
  ///     same place, for the modes that interpolate between neighbors.
  ///   - recomputeScaleFactor: Whether the factor follows from the rounded size of the output.
  /// - Returns: Shape `[batch, channels, …]`, of the type of the input.
  public func interpolate(
    size: (any IntegerList)? = nil, scaleFactor: (any NumberList)? = nil,
    mode: InterpolationMode = .nearest, alignCorners: Bool? = nil,
    recomputeScaleFactor: Bool = false
  ) -> Tensor {
    guard isDefined else { return self }
    let dimensions = ndim - 2
    if let problem = problem(
      dimensions, size?.integers.count, scaleFactor?.numbers.count, mode, alignCorners,
      recomputeScaleFactor)
    {
      operatorFailed("interpolate", summary, problem)
      return Tensor(owning: nil)
    }
    func each<Element>(_ list: [Element]) -> [Element] {
      list.count == dimensions ? list : Array(repeating: list[0], count: dimensions)
    }
    var sizes = size.map { each($0.integers) }
    var factors = scaleFactor.map { each($0.numbers) }
    if let given = factors, recomputeScaleFactor || mode == .area {
      sizes = zip(shape.dropFirst(2), given).map { Int(Double($0) * $1) }
      factors = nil
    }
    if mode == .area, let sizes {
      return switch dimensions {
      case 1: adaptiveAvgPool1d(sizes)
      case 2: adaptiveAvgPool2d(sizes)
      default: adaptiveAvgPool3d(sizes)
      }
    }
    guard let interpolator = mode.interpolator(dimensions) else { return Tensor(owning: nil) }
    return mode.hasCorners
      ? interpolator.tensor(
        .tensor(self), .optionalInts(sizes), .bool(alignCorners ?? false),
        .optionalDoubles(factors))
      : interpolator.tensor(.tensor(self), .optionalInts(sizes), .optionalDoubles(factors))
  }

  private func problem(
    _ dimensions: Int, _ sizes: Int?, _ factors: Int?, _ mode: InterpolationMode,
    _ alignCorners: Bool?, _ recomputeScaleFactor: Bool
  ) -> String? {
    guard (sizes == nil) != (factors == nil) else {
      return "pass either size or scaleFactor: the output has one size"
    }
    if recomputeScaleFactor, sizes != nil {
      return "recomputeScaleFactor has no effect with a size: pass scaleFactor, or leave it out"
    }
    guard (1...3).contains(dimensions) else {
      return "the input has \(ndim) dimensions: pass 3, 4 or 5, of which the first two are batch "
        + "and channels"
    }
    if let count = sizes ?? factors, count != 1, count != dimensions {
      return "\(count) sizes were given for \(dimensions) dimensions: pass 1 or \(dimensions)"
    }
    if alignCorners != nil, !mode.hasCorners {
      return "alignCorners has no effect in mode \(mode.rawValue): use a mode that interpolates "
        + "between neighbors, or leave it out"
    }
    if mode != .area, mode.interpolator(dimensions) == nil {
      let fitting = ["linear", "bilinear or bicubic", "trilinear"][dimensions - 1]
      return "mode \(mode.rawValue) does not fit an input of \(ndim) dimensions: use \(fitting)"
    }
    return nil
  }
}
