/// How a reduction combines the ranks' numbers.
public enum ReduceOp: String, Sendable, CaseIterable, Codable {
  /// The sum; integers wrap around.
  case sum
  /// The sum divided by the number of ranks; floating point only.
  case average
  /// The product.
  case product
  /// The smallest.
  case min
  /// The largest.
  case max
  /// The bits that all have; integers and `bool` only.
  case bitwiseAnd
  /// The bits that any has; integers and `bool` only.
  case bitwiseOr
  /// The bits that an odd number of ranks has; integers and `bool` only.
  case bitwiseXor
}
