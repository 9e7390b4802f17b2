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
    let output = try noGrad { () throws(Failure) in try forward().detach() }
    let function = BackwardFunction(inputs.count, file: file, line: line, backward)
    let context = Unmanaged.passRetained(function).toOpaque()
    let error = ct_custom_function(
      output.handle, inputs.map(\.handle), inputs.count, context,
      { context, gradient, results in
        guard let context, let results else { return nil }
        return Unmanaged<BackwardFunction>.fromOpaque(context).takeUnretainedValue()
          .run(gradient, results)
      },
      { context in
        if let context { Unmanaged<BackwardFunction>.fromOpaque(context).release() }
      })
    withExtendedLifetime(inputs) {
      check(error, "function of \(inputs.map(\.summary).joined(separator: ", "))")
    }
    return output
  }
}

private final class BackwardFunction {
  private let inputCount: Int
  private let file: StaticString
  private let line: UInt
  private let body: (Tensor) throws -> [Tensor?]

  init(
    _ inputCount: Int, file: StaticString, line: UInt,
    _ body: @escaping (Tensor) throws -> [Tensor?]
  ) {
    self.inputCount = inputCount
    self.file = file
    self.line = line
    self.body = body
  }

  func run(_ gradient: ct_tensor?, _ results: UnsafeMutablePointer<ct_tensor?>) -> ct_error? {
    guard let gradient else { return nil }
    do {
      let gradients = try body(Tensor(owning: ct_tensor_retain(gradient)))
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
