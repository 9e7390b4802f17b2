/// Computes a part of a model without keeping what its backward pass needs, which is computed anew then.
///
/// "Training Deep Nets with Sublinear Memory Cost" (Chen et al. 2016), as PyTorch's re-entrant
/// `checkpoint`: memory for activations falls to those between the parts, forward is computed twice.
/// Dropout drops the same elements both times, and ``withAutocast(_:device:_:)`` counts that was in force the
/// first time; both on the CPU and on the input's device.
///
/// ```swift
/// let hidden = checkpointed(x) { layer($0) }
/// ```
/// - Parameters:
///   - input: What the part is a function of, but for its parameters.
///   - body: The part; the same both times.
/// - Returns: What `body` returns.
public func checkpointed(_ input: Tensor, _ body: @escaping (Tensor) -> Tensor) -> Tensor {
  guard isRecordingGradients else { return body(input) }
  let devices = input.device == .cpu ? [.cpu] : [.cpu, input.device]
  let generators = RandomGenerators(of: devices)
  let precisions = devices.map { ($0, autocastDType(on: $0) ?? .float32) }
  let before = try? generators.captureState()
  // Parameters get their gradients also where the input, a batch perhaps, needs none.
  let start = input.requiresGrad ? input : leaf(input)
  return Tensor.function(of: [start], forward: { body(input) }) { gradient in
    let now = try generators.captureState()
    if let before { try generators.restoreState(before) }
    let input = leaf(input)
    let anew = precisions.reduce({ body(input) }) { inner, precision in
      { withAutocast(precision.1, device: precision.0, inner) }
    }
    let output = withGradients(anew)
    try generators.restoreState(now)
    try output.backward(gradient: gradient)
    return [input.grad]
  }
}

/// The same numbers at the beginning of a graph.
private func leaf(_ tensor: Tensor) -> Tensor {
  let leaf = tensor.detached()
  leaf.requiresGrad = true
  return leaf
}
