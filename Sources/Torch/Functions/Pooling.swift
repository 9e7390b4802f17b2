extension Tensor {
  /// The largest of each square of `size` × `size` places.
  ///
  /// - Parameter size: The side of the squares; what is left at the edges is dropped.
  /// - Returns: From shape `[batch, channels, height, width]` one of `[…, height / size, width / size]`.
  public func maxPooled(_ size: Int) -> Tensor {
    maxPoolOp.tensor(.tensor(self), .ints([size, size]))
  }
}

private let maxPoolOp = Operator("aten::max_pool2d")
