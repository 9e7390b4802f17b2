internal import Support

extension Module {
  /// The parameters whose names satisfy a predicate, in the order of ``namedParameters``.
  ///
  /// ```swift
  /// let biases = model.parameters { $0.hasSuffix("bias") }
  /// ```
  public func parameters(where predicate: (String) throws -> Bool) rethrows -> [Tensor] {
    try namedParameters.filter { try predicate($0.name) }.map(\.tensor)
  }

  /// Freezes the parameters whose names satisfy a predicate: they receive no gradients.
  ///
  /// Freeze parameters before `DistributedDataParallel` wraps the model, and pass only the others
  /// to the optimizer: `model.parameters.filter(\.requiresGrad)`. Gradients of frozen parameters
  /// are removed, so an optimizer that has them does not change them either. Frozen parameters
  /// remain parts of the state. A shared parameter has its first name only, as in
  /// ``namedParameters``.
  ///
  /// ```swift
  /// model.freeze { $0.hasPrefix("encoder.") }
  /// ```
  /// - Parameter predicate: Whether to freeze the parameter of a name. A predicate that no name
  ///   satisfies is reported as a warning.
  /// - Returns: The names of the frozen parameters.
  @discardableResult
  public func freeze(where predicate: (String) throws -> Bool) rethrows -> [String] {
    try setRequiresGrad(false, "freeze", where: predicate)
  }

  /// Unfreezes the parameters whose names satisfy a predicate; see ``freeze(where:)``.
  ///
  /// - Returns: The names of these parameters.
  @discardableResult
  public func unfreeze(where predicate: (String) throws -> Bool) rethrows -> [String] {
    try setRequiresGrad(true, "unfreeze", where: predicate)
  }

  /// Freezes all parameters; see ``freeze(where:)``.
  @discardableResult
  public func freeze() -> [String] { freeze { _ in true } }

  /// Unfreezes all parameters.
  @discardableResult
  public func unfreeze() -> [String] { unfreeze { _ in true } }

  private func setRequiresGrad(
    _ requiresGrad: Bool, _ function: String, where predicate: (String) throws -> Bool
  ) rethrows -> [String] {
    let all = namedParameters
    let chosen = try all.filter { try predicate($0.name) }
    for (_, parameter) in chosen {
      parameter.requiresGrad = requiresGrad
      if !requiresGrad { parameter.grad = nil }
    }
    if chosen.isEmpty, let example = all.first {
      Log.warning(
        "\(function): no parameter of \(type(of: self)) satisfies the predicate; names are like "
          + "'\(example.name)'")
    }
    return chosen.map(\.name)
  }
}
