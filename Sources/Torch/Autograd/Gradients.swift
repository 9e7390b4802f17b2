internal import CTorch
internal import Support

/// Returns the gradients of a tensor with respect to others, like `torch.autograd.grad`.
///
/// No ``Tensor/grad`` changes. The result of a user-defined function, or of any operator, is
/// differentiated as it is: pass `gradient` for a vector-Jacobian product.
///
/// ```swift
/// let slope = try gradients(of: (x ** 3).sum(), withRespectTo: [x], createGraph: true)[0]
/// let curvature = try gradients(of: slope.sum(), withRespectTo: [x])[0]
/// ```
///
/// - Parameters:
///   - output: The tensor to differentiate.
///   - inputs: Tensors that require a gradient.
///   - gradient: The gradient of the output, of its shape. `nil` means 1, for one element.
///   - retainGraph: Whether the graph can be used again.
///   - createGraph: Whether the gradients are recorded, so that they can be differentiated too.
///   - allowUnused: Whether the gradient of an input that the output does not depend on is zero. If
///     not, such an input is a failed operator.
/// - Returns: One gradient for each input, of its shape.
/// - Throws: The error of a function of ``Tensor/function(of:file:line:forward:backward:)``.
public func gradients(
  of output: Tensor, withRespectTo inputs: [Tensor], gradient: Tensor? = nil,
  retainGraph: Bool = false, createGraph: Bool = false, allowUnused: Bool = false
) throws -> [Tensor] {
  try gradients(
    of: [output], withRespectTo: inputs, gradients: [gradient], retainGraph: retainGraph,
    createGraph: createGraph, allowUnused: allowUnused)
}

/// Returns the gradients of several tensors, summed, with respect to others.
///
/// - Parameters:
///   - outputs: The tensors to differentiate.
///   - inputs: Tensors that require a gradient.
///   - given: The gradient of each output; `nil` means 1, for an output of one element.
///   - retainGraph: Whether the graph can be used again.
///   - createGraph: Whether the gradients are recorded, so that they can be differentiated too.
///   - allowUnused: Whether the gradient of an input that no output depends on is zero.
///   - file: The source file of the caller, for messages.
///   - line: The source line of the caller, for messages.
/// - Returns: One gradient for each input, of its shape.
/// - Throws: The error of a function of ``Tensor/function(of:file:line:forward:backward:)``.
/// - Precondition: There is one gradient for each output.
public func gradients(
  of outputs: [Tensor], withRespectTo inputs: [Tensor], gradients given: [Tensor?],
  retainGraph: Bool = false, createGraph: Bool = false, allowUnused: Bool = false,
  file: StaticString = #fileID, line: UInt = #line
) throws -> [Tensor] {
  require(
    outputs.count == given.count,
    "there are \(given.count) gradients for \(outputs.count) outputs: pass one for each, nil for 1",
    file: file, line: line)
  let undefined = inputs.map { _ in Tensor(owning: nil) }
  if ct_catch_has_failed() { return undefined }
  var results = [ct_tensor?](repeating: nil, count: inputs.count)
  let error = withExtendedLifetime((outputs, inputs, given)) {
    ct_gradients(
      outputs.map(\.handle), given.map { $0?.handle }, outputs.count, inputs.map(\.handle),
      inputs.count, retainGraph || createGraph, createGraph, &results)
  }
  let call = "gradients of \(outputs.map(\.summary).joined(separator: ", "))"
  if let error {
    let message = takeMessage(error)
    if let thrown = HookErrors.take(from: message) { throw thrown }
    operatorFailed("gradients", outputs.map(\.summary).joined(separator: ", "), message)
    return undefined
  }
  let found = results.map { Tensor(owning: $0) }
  guard let unused = found.firstIndex(where: { !$0.isDefined }) else { return found }
  if !allowUnused {
    operatorFailed(
      "gradients", call,
      "input \(unused), \(inputs[unused].summary), does not take part in the outputs: leave it "
        + "out, or pass allowUnused: true for a gradient of zeros")
    return undefined
  }
  return zip(found, inputs).map { $0.isDefined ? $0 : $1.zerosLike() }
}
