extension Module {
  /// Runs a further function of a module as a call, so that errors name the module.
  func tracked<Result>(_ body: () throws -> Result) rethrows -> Result {
    let calls = ModuleCalls.current
    calls.begin(self)
    defer { calls.end() }
    return try body()
  }
}
