/// How a reduction combines the ranks' numbers.
public enum ReduceOp: Sendable, CaseIterable {
  /// The sum.
  case sum
  /// The product.
  case product
  /// The smallest.
  case min
  /// The largest.
  case max
  /// The bits that all have; integers only.
  case bitwiseAnd
  /// The bits that any has; integers only.
  case bitwiseOr
  /// The bits that an odd number of ranks has; integers only.
  case bitwiseXor
}
