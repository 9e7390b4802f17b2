/// Computes a part of a model without saving its activations; backward computes them again.
///
/// "Training Deep Nets with Sublinear Memory Cost" (Chen et al. 2016), like PyTorch's re-entrant
/// `checkpoint`. Only activations between checkpointed parts use memory; the forward pass of each
/// part runs twice. Both runs drop the same elements and have the same
/// ``withAutocast(_:device:_:)`` precision, on the CPU and on the devices of the inputs. Parts may
/// contain further checkpointed parts.
///
/// ```swift
/// let hidden = try checkpointed(x) { try layer($0) }
/// let (output, weights) = try checkpointed(q, k, mask) { q, k, mask in
///   try attention(q, k, k, keyPaddingMask: mask)
/// }
/// ```
/// Inputs and outputs are tensors, or optionals, arrays, dictionaries, tuples and structs of
/// tensors and other values. Tensors in class instances, and in enums that are not a
/// ``TensorContainer``, would not receive gradients, so they are a failed operator.
///
/// - Parameters:
///   - input: The inputs of the part, besides its parameters. Gradients reach only tensors that are
///     passed here; do not capture them in `body`.
///   - body: The part. It must compute the same in both runs.
/// - Returns: The result of `body`.
/// - Throws: The error of `body`. ``Tensor/backward(gradient:retainGraph:createGraph:)`` throws
///   that of its second run.
public func checkpointed<each Input, Output, Failure: Error>(
  _ input: repeat each Input, body: @escaping (repeat each Input) throws(Failure) -> Output
) throws(Failure) -> Output {
  let inputs = (repeat each input)
  return try CheckpointedPart(inputs) { (inputs: (repeat each Input)) throws(Failure) in
    try body(repeat each inputs)
  }.run()
}

/// A part of a model and its input.
private struct CheckpointedPart<Input, Output, Failure: Error> {
  let input: Input
  let body: (Input) throws(Failure) -> Output

  init(_ input: Input, _ body: @escaping (Input) throws(Failure) -> Output) {
    self.input = input
    self.body = body
  }

  func run() throws(Failure) -> Output {
    let given = Tensor.differentiable(in: input, "the input")
    guard isGradEnabled, let given else { return try body(input) }
    let state = RecomputationState(of: given)
    let trained = given.filter(\.requiresGrad)
    // The parameters receive gradients even if the input, such as a batch, requires none.
    let starts = trained.isEmpty ? [leaf(Tensor.zeros([]))] : trained
    var result: Output?
    let outputs = try Tensor.several(of: starts) { () throws(Failure) in
      let output = try body(input)
      result = output
      return Tensor.differentiable(in: output, "the output") ?? []
    } backward: { gradients in
      let given = try recompute(state, gradients)
      return trained.isEmpty ? [nil] : given
    }
    guard let result else { preconditionFailure("a checkpointed part was not computed") }
    var next = outputs[...]
    return Tensor.map(in: result) { tensor in
      tensor.isDifferentiable ? next.popFirst() ?? tensor : tensor
    }
  }

  /// Computes the part again and returns the gradients of its inputs.
  private func recompute(_ state: RecomputationState, _ gradients: [Tensor?]) throws -> [Tensor?] {
    var leaves: [Tensor] = []
    let input = Tensor.map(in: input) { tensor in
      guard tensor.isDifferentiable, tensor.requiresGrad else { return tensor }
      leaves.append(leaf(tensor))
      return leaves[leaves.count - 1]
    }
    let output = try state.replay { try enableGrad { try body(input) } }
    let roots = Tensor.differentiable(in: output, "the output") ?? []
    let seeds = zip(roots, gradients).compactMap { root, gradient in
      root.requiresGrad ? gradient.map { (root, $0) } : nil
    }
    try Tensor.backward(from: seeds.map(\.0), gradients: seeds.map(\.1))
    return leaves.map(\.grad)
  }
}

/// What a computation depends on besides its inputs: random generators and precisions.
private struct RecomputationState {
  private let generators: RandomGenerators
  private let precisions: [(device: Device, dtype: DType)]
  private let before: State?

  /// Captures the state of the CPU and of the tensors' devices.
  init(of tensors: [Tensor]) {
    var devices = [Device.cpu]
    for tensor in tensors where !devices.contains(tensor.device) { devices.append(tensor.device) }
    generators = RandomGenerators(of: devices)
    precisions = devices.map { ($0, autocastDType(on: $0) ?? .float32) }
    before = try? generators.captureState()
  }

  /// Runs a computation in the captured state, and restores the present one.
  func replay<Result>(_ body: @escaping () throws -> Result) throws -> Result {
    let now = try generators.captureState()
    if let before { try generators.restoreState(before) }
    let run = precisions.reduce(body) { inner, precision in
      { try withAutocast(precision.dtype, device: precision.device, inner) }
    }
    let result = Swift.Result { try run() }
    try generators.restoreState(now)
    return try result.get()
  }
}

/// The same elements as a leaf that requires a gradient.
private func leaf(_ tensor: Tensor) -> Tensor {
  let leaf = tensor.detach()
  leaf.requiresGrad = true
  return leaf
}
