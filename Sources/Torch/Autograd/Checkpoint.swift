/// Computes a part of a model without saving its activations; backward computes them again.
///
/// "Training Deep Nets with Sublinear Memory Cost" (Chen et al. 2016), like PyTorch's re-entrant
/// `checkpoint`. Only activations between checkpointed parts use memory; the forward pass of each
/// part runs twice. Both runs drop the same elements and have the same
/// ``withAutocast(_:device:_:)`` precision, on the CPU and on the input's device.
///
/// ```swift
/// let hidden = try checkpointed(x) { try layer($0) }
/// ```
/// - Parameters:
///   - input: The input of the part, besides its parameters.
///   - body: The part. It must compute the same in both runs.
/// - Returns: The result of `body`.
/// - Throws: The error of `body`. ``Tensor/backward(gradient:retainGraph:createGraph:)`` throws
///   that of its second run.
public func checkpointed<Failure: Error>(
  _ input: Tensor, _ body: @escaping (Tensor) throws(Failure) -> Tensor
) throws(Failure) -> Tensor {
  guard isGradEnabled else { return try body(input) }
  let devices = input.device == .cpu ? [.cpu] : [.cpu, input.device]
  let generators = RandomGenerators(of: devices)
  let precisions = devices.map { ($0, autocastDType(on: $0) ?? .float32) }
  let before = try? generators.captureState()
  // The parameters receive gradients even if the input, such as a batch, requires none.
  let start = input.requiresGrad ? input : leaf(input)
  return try Tensor.function(
    of: [start], forward: { () throws(Failure) in try body(input) }
  ) { gradient in
    let now = try generators.captureState()
    if let before { try generators.restoreState(before) }
    let input = leaf(input)
    let recompute = precisions.reduce({ try body(input) }) { inner, precision in
      { try withAutocast(precision.1, device: precision.0, inner) }
    }
    let output = Result { try enableGrad(recompute) }
    try generators.restoreState(now)
    try output.get().backward(gradient: gradient)
    return [input.grad]
  }
}

/// The same elements as a leaf that requires a gradient.
private func leaf(_ tensor: Tensor) -> Tensor {
  let leaf = tensor.detach()
  leaf.requiresGrad = true
  return leaf
}
