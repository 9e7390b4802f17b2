extension Module {
  /// Runs a closure before each call of the module, like PyTorch's `register_forward_pre_hook`.
  ///
  /// Hooks run in the order in which they were added, when the module is called like a function; a
  /// direct call of ``forward(_:)`` runs none. They remain until ``RemovableHandle/remove()``, or
  /// until the module is released.
  ///
  /// - Parameter hook: Receives the module and its input. It returns another input, or `nil` to
  ///   keep it. The call of the module throws its errors.
  /// - Returns: A handle that removes the hook.
  @discardableResult
  public func registerForwardPreHook(
    _ hook: @escaping (_ module: Self, _ input: Input) throws -> Input?
  ) -> RemovableHandle {
    ModuleHooks.add(to: self) { hooks, id in
      hooks.pre.append((id, { try hook(typed($0), typed($1)) }))
    }
  }

  /// Runs a closure after each call of the module, like PyTorch's `register_forward_hook`.
  ///
  /// ```swift
  /// var shapes: [[Int]] = []
  /// let handle = model.encoder.registerForwardHook { _, _, output in
  ///   shapes.append(output.shape)
  ///   return nil
  /// }
  /// defer { handle.remove() }
  /// ```
  /// ``registerForwardPreHook(_:)`` states when hooks run.
  ///
  /// - Parameter hook: Receives the module, its input and its output. It returns another output, or
  ///   `nil` to keep it. The call of the module throws its errors.
  /// - Returns: A handle that removes the hook.
  @discardableResult
  public func registerForwardHook(
    _ hook: @escaping (_ module: Self, _ input: Input, _ output: Output) throws -> Output?
  ) -> RemovableHandle {
    ModuleHooks.add(to: self) { hooks, id in
      hooks.forward.append((id, { try hook(typed($0), typed($1), typed($2)) }))
    }
  }

  /// Runs a closure in backward, when the gradients of the module's input are known, like PyTorch's
  /// `register_full_backward_hook`.
  ///
  /// If no tensor of the input requires a gradient, it runs when those of the output are known.
  /// Tensors are counted as they are stored in input and output; see ``TensorContainer``.
  ///
  /// - Parameter hook: Receives the module, the gradient of each floating-point tensor of its
  ///   input, and that of each floating-point tensor of its output; `nil` where there is none. It
  ///   returns other gradients of the input, or `nil` to keep them. Backward throws its errors.
  /// - Returns: A handle that removes the hook.
  @discardableResult
  public func registerFullBackwardHook(
    _ hook:
      @escaping (_ module: Self, _ gradInput: [Tensor?], _ gradOutput: [Tensor?]) throws ->
      [Tensor?]?
  ) -> RemovableHandle {
    ModuleHooks.add(to: self) { hooks, id in
      hooks.backward.append((id, { try hook(typed($0), $1, $2) }))
    }
  }

  /// Calls `forward` with hooks.
  func forward(_ input: Input, _ hooks: ModuleHooks) throws -> Output {
    var input = input
    for (_, hook) in hooks.pre {
      if let replacement = try hook(self, input) { input = typed(replacement) }
    }
    let pass = isGradEnabled ? BackwardHookPass(self, hooks.backward.map(\.hook)) : nil
    if let pass { input = pass.watchInput(input) }
    var output = try forward(input)
    for (_, hook) in hooks.forward {
      if let replacement = try hook(self, input, output) { output = typed(replacement) }
    }
    return pass?.watchOutput(output) ?? output
  }
}

/// A value of a hook with its type, which the module that has the hook knows.
private func typed<Value>(_ value: Any) -> Value {
  guard let value = value as? Value else {
    preconditionFailure("a hook received a \(type(of: value)) in place of a \(Value.self)")
  }
  return value
}
