internal import CTorch
internal import Glibc

extension Tensor {
  /// A tensor with a gradient of its own making, as PyTorch's `autograd.Function`.
  ///
  /// - Parameters:
  ///   - inputs: What the result is a function of.
  ///   - forward: Computes the result; nothing in it is recorded.
  ///   - backward: Computes the gradients of the inputs from that of the result, of its shape; `nil`
  ///     for one that is not needed. It runs on the thread that runs backward, which throws what it
  ///     throws.
  /// - Returns: What `forward` returned, with its place in the graph.
  public static func function(
    of inputs: [Tensor], forward: () -> Tensor,
    backward: @escaping (Tensor) throws -> [Tensor?]
  ) -> Tensor {
    let output = withoutGradients { forward().detached() }
    let context = Unmanaged.passRetained(BackwardBody(inputs.count, backward)).toOpaque()
    let error = ct_custom_function(
      output.handle, inputs.map(\.handle), inputs.count, context,
      { context, gradient, results in
        guard let context, let results else { return nil }
        return Unmanaged<BackwardBody>.fromOpaque(context).takeUnretainedValue()
          .run(gradient, results)
      },
      { context in
        if let context { Unmanaged<BackwardBody>.fromOpaque(context).release() }
      })
    withExtendedLifetime(inputs) {
      check(error, "function of \(inputs.map(\.summary).joined(separator: ", "))")
    }
    return output
  }
}

private final class BackwardBody {
  private let inputCount: Int
  private let body: (Tensor) throws -> [Tensor?]

  init(_ inputCount: Int, _ body: @escaping (Tensor) throws -> [Tensor?]) {
    (self.inputCount, self.body) = (inputCount, body)
  }

  func run(_ gradient: ct_tensor?, _ results: UnsafeMutablePointer<ct_tensor?>) -> ct_error? {
    guard let gradient else { return nil }
    do {
      let gradients = try withoutGradients { try body(Tensor(owning: ct_tensor_retain(gradient))) }
      precondition(gradients.count == inputCount, "a gradient for each of \(inputCount) inputs")
      for (index, gradient) in gradients.enumerated() {
        results[index] = gradient.flatMap { ct_tensor_retain($0.handle) }
      }
      return nil
    } catch {
      return strdup(HookErrors.put(error))
    }
  }
}
