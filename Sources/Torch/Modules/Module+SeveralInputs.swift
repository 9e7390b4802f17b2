// A module of several inputs has a tuple as `Input`; it is called with the elements as arguments.

extension Module {
  /// Computes the output of a module of two inputs.
  ///
  /// - Throws: The errors of ``forward(_:)``.
  public func callAsFunction<First, Second>(_ first: First, _ second: Second) throws -> Output
  where Input == (First, Second) {
    try callAsFunction((first, second))
  }

  /// Computes the output of a module of three inputs.
  ///
  /// - Throws: The errors of ``forward(_:)``.
  public func callAsFunction<First, Second, Third>(
    _ first: First, _ second: Second, _ third: Third
  ) throws -> Output where Input == (First, Second, Third) {
    try callAsFunction((first, second, third))
  }
}
