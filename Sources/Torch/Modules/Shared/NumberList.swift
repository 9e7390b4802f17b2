/// A number, or a number for each dimension: `2`, `1.5`, `[2, 1.5]`.
public protocol NumberList: Sendable {
  /// The numbers.
  var numbers: [Double] { get }
}

extension Int: NumberList {
  /// The numbers.
  public var numbers: [Double] { [Double(self)] }
}

extension Double: NumberList {
  /// The numbers.
  public var numbers: [Double] { [self] }
}

extension Array: NumberList where Element: NumberList {
  /// The numbers.
  public var numbers: [Double] { flatMap(\.numbers) }
}
