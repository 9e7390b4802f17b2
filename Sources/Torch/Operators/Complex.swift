/// A complex number, as the elements of complex tensors.
public struct Complex: Scalar, Hashable {
  /// The real part.
  public var real: Double
  /// The imaginary part.
  public var imaginary: Double

  /// Creates a complex number.
  public init(_ real: Double, _ imaginary: Double = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  /// The number as an argument of an operator.
  public var operatorArgument: Operator.Argument { .complex(self) }
}

extension Complex: CustomStringConvertible {
  /// The number as PyTorch prints it, such as `(1.0+2.0j)`.
  public var description: String {
    "(\(real)\(imaginary.sign == .minus ? "-" : "+")\(imaginary.magnitude)j)"
  }
}
