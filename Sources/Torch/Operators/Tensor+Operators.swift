// Arithmetic and comparison with Swift's operators. Operators that compare element by element begin
// with a dot, as for Swift's SIMD types: `==` and `<` return a single Boolean value.

extension Tensor {
  /// The elements with the opposite sign.
  public static prefix func - (tensor: Tensor) -> Tensor { tensor.neg() }

  /// The sum, element by element, with broadcasting.
  public static func + (left: Tensor, right: Tensor) -> Tensor { left.add(right) }

  /// The sum of every element and a scalar.
  public static func + (left: Tensor, right: some Scalar) -> Tensor { left.add(right) }

  /// The sum of a scalar and every element.
  public static func + (left: some Scalar, right: Tensor) -> Tensor { right.add(left) }

  /// The difference, element by element, with broadcasting.
  public static func - (left: Tensor, right: Tensor) -> Tensor { left.sub(right) }

  /// The difference of every element and a scalar.
  public static func - (left: Tensor, right: some Scalar) -> Tensor { left.sub(right) }

  /// The difference of a scalar and every element.
  public static func - (left: some Scalar, right: Tensor) -> Tensor { right.rsub(left) }

  /// The product, element by element, with broadcasting.
  public static func * (left: Tensor, right: Tensor) -> Tensor { left.mul(right) }

  /// The product of every element and a scalar.
  public static func * (left: Tensor, right: some Scalar) -> Tensor { left.mul(right) }

  /// The product of a scalar and every element.
  public static func * (left: some Scalar, right: Tensor) -> Tensor { right.mul(left) }

  /// The quotient, element by element, with broadcasting.
  public static func / (left: Tensor, right: Tensor) -> Tensor { left.div(right) }

  /// The quotient of every element and a scalar.
  public static func / (left: Tensor, right: some Scalar) -> Tensor { left.div(right) }

  /// The quotient of a scalar and every element.
  public static func / (left: some Scalar, right: Tensor) -> Tensor { right.reciprocal().mul(left) }

  /// The remainder of a division, element by element, with the sign of `right`.
  public static func % (left: Tensor, right: Tensor) -> Tensor { left.remainder(right) }

  /// The remainder of a division by a scalar, with its sign.
  public static func % (left: Tensor, right: some Scalar) -> Tensor { left.remainder(right) }
}

// A compound assignment makes the variable refer to a new tensor; it changes no memory. PyTorch's
// `x += y` changes the memory of `x` for all that share it: see add(_:scaledBy:).
extension Tensor {
  /// Makes the variable refer to the sum.
  public static func += (left: inout Tensor, right: Tensor) { left = left + right }

  /// Makes the variable refer to the sum.
  public static func += (left: inout Tensor, right: some Scalar) { left = left + right }

  /// Makes the variable refer to the difference.
  public static func -= (left: inout Tensor, right: Tensor) { left = left - right }

  /// Makes the variable refer to the difference.
  public static func -= (left: inout Tensor, right: some Scalar) { left = left - right }

  /// Makes the variable refer to the product.
  public static func *= (left: inout Tensor, right: Tensor) { left = left * right }

  /// Makes the variable refer to the product.
  public static func *= (left: inout Tensor, right: some Scalar) { left = left * right }

  /// Makes the variable refer to the quotient.
  public static func /= (left: inout Tensor, right: Tensor) { left = left / right }

  /// Makes the variable refer to the quotient.
  public static func /= (left: inout Tensor, right: some Scalar) { left = left / right }
}

infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence
infix operator .& : LogicalConjunctionPrecedence
infix operator .| : LogicalDisjunctionPrecedence
infix operator ** : ExponentiationPrecedence
prefix operator .!

/// Binds tighter than multiplication, to the right.
precedencegroup ExponentiationPrecedence {
  associativity: right
  higherThan: MultiplicationPrecedence
}

extension Tensor {
  /// Whether the elements are equal, with broadcasting.
  public static func .== (left: Tensor, right: Tensor) -> Tensor { left.eq(right) }

  /// Whether the elements are equal to a scalar.
  public static func .== (left: Tensor, right: some Scalar) -> Tensor { left.eq(right) }

  /// Whether the elements differ, with broadcasting.
  public static func .!= (left: Tensor, right: Tensor) -> Tensor { left.ne(right) }

  /// Whether the elements differ from a scalar.
  public static func .!= (left: Tensor, right: some Scalar) -> Tensor { left.ne(right) }

  /// Whether the left element is less, with broadcasting.
  public static func .< (left: Tensor, right: Tensor) -> Tensor { left.lt(right) }

  /// Whether the elements are less than a scalar.
  public static func .< (left: Tensor, right: some Scalar) -> Tensor { left.lt(right) }

  /// Whether the left element is less or equal, with broadcasting.
  public static func .<= (left: Tensor, right: Tensor) -> Tensor { left.le(right) }

  /// Whether the elements are less than or equal to a scalar.
  public static func .<= (left: Tensor, right: some Scalar) -> Tensor { left.le(right) }

  /// Whether the left element is greater, with broadcasting.
  public static func .> (left: Tensor, right: Tensor) -> Tensor { left.gt(right) }

  /// Whether the elements are greater than a scalar.
  public static func .> (left: Tensor, right: some Scalar) -> Tensor { left.gt(right) }

  /// Whether the left element is greater or equal, with broadcasting.
  public static func .>= (left: Tensor, right: Tensor) -> Tensor { left.ge(right) }

  /// Whether the elements are greater than or equal to a scalar.
  public static func .>= (left: Tensor, right: some Scalar) -> Tensor { left.ge(right) }

  /// Whether both elements are nonzero.
  public static func .& (left: Tensor, right: Tensor) -> Tensor { left.logicalAnd(right) }

  /// Whether at least one of the elements is nonzero.
  public static func .| (left: Tensor, right: Tensor) -> Tensor { left.logicalOr(right) }

  /// Whether the element is zero.
  public static prefix func .! (tensor: Tensor) -> Tensor { tensor.logicalNot() }

  /// The elements to the power of others, with broadcasting.
  public static func ** (left: Tensor, right: Tensor) -> Tensor { left.pow(right) }

  /// The elements to the power of a scalar.
  public static func ** (left: Tensor, right: some Scalar) -> Tensor { left.pow(right) }
}
