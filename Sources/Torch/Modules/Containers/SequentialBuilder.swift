/// Builds the modules of a ``Sequential`` from the statements in its braces.
@resultBuilder
public enum SequentialBuilder {
  /// A module.
  public static func buildExpression(_ layer: Sequential.Layer) -> [Sequential.Layer] { [layer] }

  /// Several modules, such as those of an array.
  public static func buildExpression(_ layers: [Sequential.Layer]) -> [Sequential.Layer] {
    layers
  }

  /// The statements in order.
  public static func buildBlock(_ parts: [Sequential.Layer]...) -> [Sequential.Layer] {
    parts.flatMap { $0 }
  }

  /// An `if` without `else`.
  public static func buildOptional(_ part: [Sequential.Layer]?) -> [Sequential.Layer] {
    part ?? []
  }

  /// The first branch of an `if`.
  public static func buildEither(first: [Sequential.Layer]) -> [Sequential.Layer] { first }

  /// The second branch of an `if`.
  public static func buildEither(second: [Sequential.Layer]) -> [Sequential.Layer] { second }

  /// A `for` loop.
  public static func buildArray(_ parts: [[Sequential.Layer]]) -> [Sequential.Layer] {
    parts.flatMap { $0 }
  }
}
