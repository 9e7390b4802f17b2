internal import Support

extension Tensor {
  /// Creates a CPU tensor of draws from the standard normal distribution, with a Swift generator.
  ///
  /// Unlike ``randn(_:generator:dtype:device:)``, the elements depend only on the generator. Use it
  /// on the threads of a `DataLoader`.
  ///
  /// - Parameters:
  ///   - shape: The shape.
  ///   - generator: The generator; two draws per element.
  /// - Returns: A float32 tensor of the shape.
  public static func randn(
    _ shape: [Int], using generator: inout some RandomNumberGenerator
  ) -> Tensor {
    let count = shape.reduce(1, *)
    return Tensor((0..<count).map { _ in Float(generator.nextNormal()) }, shape: shape)
  }

  /// Creates a CPU tensor of draws from the uniform distribution over [0, 1), with a Swift
  /// generator.
  ///
  /// Unlike ``rand(_:generator:dtype:device:)``, the elements depend only on the generator. Use it
  /// on the threads of a `DataLoader`.
  ///
  /// - Parameters:
  ///   - shape: The shape.
  ///   - generator: The generator; one draw per element.
  /// - Returns: A float32 tensor of the shape.
  public static func rand(
    _ shape: [Int], using generator: inout some RandomNumberGenerator
  ) -> Tensor {
    let count = shape.reduce(1, *)
    return Tensor(
      (0..<count).map { _ in Float.random(in: 0..<1, using: &generator) }, shape: shape)
  }
}
