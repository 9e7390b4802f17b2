internal import CTorch

extension Tensor {
  /// Whether operators on this tensor are recorded for the backward pass.
  ///
  /// It can be set only for leaves: tensors that are not results of recorded operators.
  public var requiresGrad: Bool {
    get { ct_tensor_requires_grad(handle) }
    set {
      check(ct_tensor_set_requires_grad(handle, newValue), "requiresGrad of \(summary)")
      if newValue { isParameter = true }
    }
  }

  /// Whether the tensor is a leaf of the graph: a parameter, or created without recording.
  public var isLeaf: Bool { ct_tensor_is_leaf(handle) }

  /// The gradient that backward passes accumulated, of this tensor's shape; `nil` if there is none.
  public var grad: Tensor? {
    get {
      var gradient: ct_tensor?
      ct_tensor_gradient(handle, &gradient)
      return gradient.map { Tensor(owning: $0) }
    }
    set { check(ct_tensor_set_gradient(handle, newValue?.handle), "grad of \(summary)") }
  }

  /// Computes the gradients of all leaves that this tensor depends on and adds them to their
  /// ``grad``.
  ///
  /// - Parameters:
  ///   - gradient: The gradient of this tensor, of its shape. `nil` means 1, for a tensor of one
  ///     element.
  ///   - retainGraph: Whether backward can be called again on the same graph.
  ///   - createGraph: Whether the gradients are recorded, so that they can be differentiated.
  /// - Throws: The error of a gradient hook; with data parallelism, for example, the loss of a
  ///   peer. ``catchingTorchErrors(_:)`` describes the effect of a failed operator.
  public func backward(
    gradient: Tensor? = nil, retainGraph: Bool = false, createGraph: Bool = false
  ) throws {
    if ct_catch_has_failed() { return }
    let callbacks = BackwardCallbacks.beginPass()
    try callbacks.end(
      ct_backward(handle, gradient?.handle, retainGraph || createGraph, createGraph), summary)
  }

  /// Runs one backward pass from several tensors, each with its gradient.
  static func backward(from roots: [Tensor], gradients: [Tensor]) throws {
    if ct_catch_has_failed() || roots.isEmpty { return }
    let callbacks = BackwardCallbacks.beginPass()
    try callbacks.end(
      withExtendedLifetime((roots, gradients)) {
        ct_backward_all(roots.map(\.handle), gradients.map(\.handle), roots.count)
      }, roots.map(\.summary).joined(separator: ", "))
  }
}

extension BackwardCallbacks {
  /// Ends a pass; an error of libtorch is thrown, or a failed operator.
  fileprivate func end(_ error: ct_error?, _ roots: @autoclosure () -> String) throws {
    guard let error else { return try endPass() }
    failPass()
    let message = takeMessage(error)
    if let thrown = HookErrors.take(from: message) { throw thrown }
    operatorFailed("backward", roots(), message)
  }
}

/// Runs `body` without recording operators for a backward pass, like `torch.no_grad()`.
@discardableResult
public func noGrad<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  let wasEnabled = ct_grad_mode_is_enabled()
  ct_grad_mode_set_enabled(false)
  defer { ct_grad_mode_set_enabled(wasEnabled) }
  return try body()
}

/// Runs `body` with operators recorded, also inside ``noGrad(_:)``, like
/// `torch.enable_grad()`.
@discardableResult
public func enableGrad<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  let wasEnabled = ct_grad_mode_is_enabled()
  ct_grad_mode_set_enabled(true)
  defer { ct_grad_mode_set_enabled(wasEnabled) }
  return try body()
}

/// Whether operators are recorded for a backward pass on this thread.
public var isGradEnabled: Bool { ct_grad_mode_is_enabled() }
