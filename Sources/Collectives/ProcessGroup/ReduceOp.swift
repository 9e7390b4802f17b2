/// The operation of a reduction.
public enum ReduceOp: String, Sendable, CaseIterable, Codable {
  /// The sum; integers wrap around.
  case sum
  /// The sum divided by the number of ranks; floating point only.
  case average
  /// The product.
  case product
  /// The minimum.
  case min
  /// The maximum.
  case max
  /// Bitwise AND; integers and `bool` only.
  case bitwiseAnd
  /// Bitwise OR; integers and `bool` only.
  case bitwiseOr
  /// Bitwise XOR; integers and `bool` only.
  case bitwiseXor
}
