/// An integer, or an integer or `nil` for each dimension: `3`, `[3, 4]`, `[3, nil]`.
///
/// Where a size is `nil`, it is that of the input.
public protocol OptionalIntegerList: Sendable {
  /// The integers.
  var optionalIntegers: [Int?] { get }
}

extension Int: OptionalIntegerList {
  /// The integers.
  public var optionalIntegers: [Int?] { [self] }
}

extension Optional: OptionalIntegerList where Wrapped == Int {
  /// The integers.
  public var optionalIntegers: [Int?] { [self] }
}

extension Array: OptionalIntegerList where Element: OptionalIntegerList {
  /// The integers.
  public var optionalIntegers: [Int?] { flatMap(\.optionalIntegers) }
}
