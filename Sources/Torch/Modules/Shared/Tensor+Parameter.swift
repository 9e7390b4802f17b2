extension Tensor {
  /// A parameter with uninitialized elements.
  static func parameter(_ shape: [Int]) -> Tensor {
    let tensor = Tensor.empty(shape)
    tensor.requiresGrad = true
    return tensor
  }

  /// A parameter of the given elements.
  static func parameter(_ tensor: Tensor) -> Tensor {
    tensor.requiresGrad = true
    return tensor
  }
}
