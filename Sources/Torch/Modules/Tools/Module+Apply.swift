extension Module {
  /// Calls a closure with each submodule, at any depth, and then with the module itself.
  ///
  /// PyTorch: `Module.apply`, often to initialize parameters:
  ///
  /// ```swift
  /// model.apply { module in
  ///   if let linear = module as? Linear { Init.xavierUniform(linear.weight) }
  /// }
  /// ```
  /// Submodules precede the module that contains them. A module that several modules share is
  /// passed once for each of them, as in PyTorch.
  ///
  /// - Throws: The error of the closure.
  @discardableResult
  public func apply<Failure: Error>(
    _ body: (any Module) throws(Failure) -> Void
  ) throws(Failure) -> Self {
    // Reports parameters that cannot be found.
    _ = modules
    var ancestors: Set<ObjectIdentifier> = []
    try visit(self, &ancestors, body)
    return self
  }
}

private func visit<Failure: Error>(
  _ module: any Module, _ ancestors: inout Set<ObjectIdentifier>,
  _ body: (any Module) throws(Failure) -> Void
) throws(Failure) {
  guard ancestors.insert(ObjectIdentifier(module)).inserted else { return }
  var seen: Set<ObjectIdentifier> = []
  for (_, child) in ModuleContents(of: module).submodules {
    guard seen.insert(ObjectIdentifier(child)).inserted else { continue }
    try visit(child, &ancestors, body)
  }
  ancestors.remove(ObjectIdentifier(module))
  try body(module)
}
