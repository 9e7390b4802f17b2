internal import Support

extension Tensor {
  /// Creates a CPU tensor of draws from the standard normal distribution, with a Swift generator.
  ///
  /// Unlike ``init(randomNormal:device:)``, the elements depend only on the generator. Use it on
  /// the threads of a `DataLoader`.
  ///
  /// - Parameters:
  ///   - shape: The shape; the elements are float32.
  ///   - generator: The generator; two draws per element.
  public convenience init(
    randomNormal shape: [Int], using generator: inout some RandomNumberGenerator
  ) {
    let count = shape.reduce(1, *)
    self.init((0..<count).map { _ in Float(generator.nextNormal()) }, shape: shape)
  }

  /// Creates a CPU tensor of draws from the uniform distribution over [0, 1), with a Swift
  /// generator.
  ///
  /// Unlike ``init(randomUniform:device:)``, the elements depend only on the generator. Use it on
  /// the threads of a `DataLoader`.
  ///
  /// - Parameters:
  ///   - shape: The shape; the elements are float32.
  ///   - generator: The generator; one draw per element.
  public convenience init(
    randomUniform shape: [Int], using generator: inout some RandomNumberGenerator
  ) {
    let count = shape.reduce(1, *)
    self.init(
      (0..<count).map { _ in Float.random(in: 0..<1, using: &generator) }, shape: shape)
  }
}
