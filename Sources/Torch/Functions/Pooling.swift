extension Tensor {
  /// Max pooling over windows of `size` × `size` elements, with stride `size`.
  ///
  /// - Parameter size: The side of a window. Incomplete windows at the edges are ignored.
  /// - Returns: Shape `[batch, channels, height / size, width / size]`, from
  ///   `[batch, channels, height, width]`.
  public func maxPooled(_ size: Int) -> Tensor {
    maxPoolOp.tensor(.tensor(self), .ints([size, size]))
  }
}

private let maxPoolOp = Operator("aten::max_pool2d")
