/// An integer, or an integer for each dimension: a size of a window, a stride, a set of dimensions.
///
/// Where an operator needs several integers, a single one holds for all of them.
public protocol IntegerList: Sendable {
  /// The integers.
  var integers: [Int] { get }
}

extension Int: IntegerList {
  /// The integers.
  public var integers: [Int] { [self] }
}

extension Array: IntegerList where Element == Int {
  /// The integers.
  public var integers: [Int] { self }
}
