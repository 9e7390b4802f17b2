/// One call of a module with backward hooks.
///
/// Identity functions in front of and behind the module see the gradients of its input and output.
final class BackwardHookPass {
  typealias Hook = (any Module, [Tensor?], [Tensor?]) throws -> [Tensor?]?

  private let module: any Module
  private let hooks: [Hook]
  /// The number of tensors of the input, and the indices of those that require a gradient.
  private var inputCount = 0
  private var trained: [Int] = []
  private var gradOutput: [Tensor?] = []

  /// Prepares a call, or returns `nil` without hooks.
  init?(_ module: any Module, _ hooks: [Hook]) {
    guard !hooks.isEmpty else { return nil }
    self.module = module
    self.hooks = hooks
  }

  /// The input, of tensors whose gradients the hooks see.
  func watchInput<Input>(_ input: Input) -> Input {
    let tensors = Tensor.differentiable(in: input, "the input of a module with a backward hook")
    guard let tensors else { return input }
    inputCount = tensors.count
    trained = tensors.indices.filter { tensors[$0].requiresGrad }
    guard !trained.isEmpty else { return input }
    let watched = Tensor.several(of: trained.map { tensors[$0] }) {
      trained.map { tensors[$0] }
    } backward: { [self] gradients in
      var gradInput = [Tensor?](repeating: nil, count: inputCount)
      for (index, gradient) in zip(trained, gradients) { gradInput[index] = gradient }
      let result = try run(gradInput)
      return trained.map { result[$0] }
    }
    return replace(input, zip(trained, watched))
  }

  /// The output, of tensors whose gradients the hooks see.
  func watchOutput<Output>(_ output: Output) -> Output {
    let tensors = Tensor.differentiable(in: output, "the output of a module with a backward hook")
    guard let tensors else { return output }
    let indices = tensors.indices.filter { tensors[$0].requiresGrad }
    guard !indices.isEmpty else { return output }
    let watched = Tensor.several(of: indices.map { tensors[$0] }) {
      indices.map { tensors[$0] }
    } backward: { [self] gradients in
      gradOutput = [Tensor?](repeating: nil, count: tensors.count)
      for (index, gradient) in zip(indices, gradients) { gradOutput[index] = gradient }
      if trained.isEmpty { _ = try run([Tensor?](repeating: nil, count: inputCount)) }
      return gradients
    }
    return replace(output, zip(indices, watched))
  }

  /// Runs the hooks, each with the gradients that the one before returned.
  private func run(_ gradInput: [Tensor?]) throws -> [Tensor?] {
    var gradInput = gradInput
    for hook in hooks {
      guard let replacement = try hook(module, gradInput, gradOutput) else { continue }
      guard replacement.count == gradInput.count else {
        throw TorchError(
          .invalidArgument,
          "a backward hook of \(type(of: module)) returned \(replacement.count) gradients, but the "
            + "input has \(gradInput.count) tensors: return one for each, nil for those without")
      }
      gradInput = replacement
    }
    return gradInput
  }

  /// Replaces the tensors at some indices.
  private func replace<Value>(
    _ value: Value, _ replacements: Zip2Sequence<[Int], [Tensor]>
  ) -> Value {
    let replacements = Dictionary(uniqueKeysWithValues: replacements.map { ($0, $1) })
    var index = -1
    return Tensor.map(in: value) { tensor in
      guard tensor.isDifferentiable else { return tensor }
      index += 1
      return replacements[index] ?? tensor
    }
  }
}
