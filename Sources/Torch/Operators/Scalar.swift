/// A number that an operator takes in place of a tensor.
///
/// `Int`, `Double`, `Float`, `Bool` and ``Complex`` are scalars. As in PyTorch, an integer leaves
/// the type of an integer tensor unchanged, and a floating-point number converts it to floating
/// point.
public protocol Scalar: Sendable {
  /// The number as an argument of an operator.
  var operatorArgument: Operator.Argument { get }
}

extension Int: Scalar {
  /// The number as an argument of an operator.
  public var operatorArgument: Operator.Argument { .int(self) }
}

extension Double: Scalar {
  /// The number as an argument of an operator.
  public var operatorArgument: Operator.Argument { .double(self) }
}

extension Float: Scalar {
  /// The number as an argument of an operator.
  public var operatorArgument: Operator.Argument { .double(Double(self)) }
}

extension Bool: Scalar {
  /// The number as an argument of an operator.
  public var operatorArgument: Operator.Argument { .bool(self) }
}

extension Scalar where Self == Double {
  /// Not a number.
  public static var nan: Double { Double.nan }

  /// Positive infinity.
  public static var infinity: Double { Double.infinity }
}
