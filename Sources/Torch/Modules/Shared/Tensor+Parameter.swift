extension Tensor {
  /// A parameter with uninitialized elements.
  static func parameter(_ shape: [Int]) -> Tensor {
    let tensor = Tensor.empty(shape)
    tensor.requiresGrad = true
    return tensor
  }
}
