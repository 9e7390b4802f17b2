internal import CTorch
internal import Glibc
internal import Support

extension Tensor {
  /// Creates a tensor with a custom backward function, like PyTorch's `autograd.Function`.
  ///
  /// - Parameters:
  ///   - inputs: The inputs of the function.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///   - forward: Computes the result. Its operators are not recorded.
  ///   - backward: Computes the gradient of each input from the gradient of the result, which has
  ///     the result's shape. `nil` stands for a gradient that is not needed. It runs on the thread
  ///     that runs backward, which throws its errors. Its operators are recorded only if backward
  ///     creates a graph, for gradients of a higher order.
  ///
  /// - Precondition: `backward` returns one element for each input.
  /// - Returns: The result of `forward`, recorded in the graph.
  /// - Throws: The error of `forward`.
  public static func function<Failure: Error>(
    of inputs: [Tensor], file: StaticString = #fileID, line: UInt = #line,
    forward: () throws(Failure) -> Tensor, backward: @escaping (Tensor) throws -> [Tensor?]
  ) throws(Failure) -> Tensor {
    let inputCount = inputs.count
    return try several(of: inputs, file: file, line: line) { () throws(Failure) in
      [try forward()]
    } backward: { gradients in
      guard let gradient = gradients[0] else { return Array(repeating: nil, count: inputCount) }
      return try backward(gradient)
    }[0]
  }

  /// Creates several tensors with one backward function.
  ///
  /// `forward` computes floating-point tensors. `backward` receives the gradient of each, or `nil`
  /// for a result without one. See ``function(of:file:line:forward:backward:)``.
  static func several<Failure: Error>(
    of inputs: [Tensor], file: StaticString = #fileID, line: UInt = #line,
    forward: () throws(Failure) -> [Tensor], backward: @escaping ([Tensor?]) throws -> [Tensor?]
  ) throws(Failure) -> [Tensor] {
    let outputs = try noGrad { () throws(Failure) in try forward().map { $0.detach() } }
    let function = BackwardFunction(
      inputs: inputs.count, outputs: outputs.count, file: file, line: line, backward)
    let context = Unmanaged.passRetained(function).toOpaque()
    let error = ct_custom_function(
      outputs.map(\.handle), outputs.count, inputs.map(\.handle), inputs.count, context,
      { context, gradients, results in
        guard let context, let gradients, let results else { return nil }
        return Unmanaged<BackwardFunction>.fromOpaque(context).takeUnretainedValue()
          .run(gradients, results)
      },
      { context in
        if let context { Unmanaged<BackwardFunction>.fromOpaque(context).release() }
      })
    withExtendedLifetime(inputs) {
      check(error, "function of \(inputs.map(\.summary).joined(separator: ", "))")
    }
    return outputs
  }
}

private final class BackwardFunction {
  private let inputCount: Int
  private let outputCount: Int
  private let file: StaticString
  private let line: UInt
  private let body: ([Tensor?]) throws -> [Tensor?]

  init(
    inputs: Int, outputs: Int, file: StaticString, line: UInt,
    _ body: @escaping ([Tensor?]) throws -> [Tensor?]
  ) {
    inputCount = inputs
    outputCount = outputs
    self.file = file
    self.line = line
    self.body = body
  }

  func run(
    _ given: UnsafePointer<ct_tensor?>, _ results: UnsafeMutablePointer<ct_tensor?>
  ) -> ct_error? {
    let given = (0..<outputCount).map { index in
      given[index].map { Tensor(owning: ct_tensor_retain($0)) }
    }
    guard given.contains(where: { $0 != nil }) else { return nil }
    do {
      let gradients = try body(given)
      require(
        gradients.count == inputCount,
        "backward returned \(gradients.count) gradients for \(inputCount) inputs: return one for "
          + "each input, nil for those that need none", file: file, line: line)
      for (index, gradient) in gradients.enumerated() {
        results[index] = gradient.flatMap { ct_tensor_retain($0.handle) }
      }
      return nil
    } catch {
      return strdup(HookErrors.store(error))
    }
  }
}
