/// An index of a subscript: what it takes of a dimension.
///
/// Integers, ranges and tensors are indices; `.all`, `.ellipsis` and `.newAxis` are PyTorch's `:`,
/// `...` and `None`:
///
/// ```swift
/// x[0]                    // the first slice
/// x[.all, 1..<3]          // columns 1 and 2
/// x[.ellipsis, -1]        // the last element of the last dimension
/// x[x .> 0]               // the positive elements
/// ```
public protocol TensorIndexConvertible {
  /// The index.
  var tensorIndex: TensorIndex { get }
}

/// What an index of a subscript takes of a dimension.
public enum TensorIndex: TensorIndexConvertible {
  /// All of the dimension: PyTorch's `:`.
  case all
  /// All dimensions that the other indices leave: PyTorch's `...`.
  case ellipsis
  /// A new dimension of size 1: PyTorch's `None`.
  case newAxis
  /// One position, from the end if it is negative; the dimension is removed.
  case integer(Int)
  /// Every `step`-th position from `start` to `end`, without `end`; negative ones from the end.
  case slice(start: Int? = nil, end: Int? = nil, step: Int = 1)
  /// Positions (integers) or a mask (Boolean values).
  case tensor(Tensor)

  /// The index.
  public var tensorIndex: TensorIndex { self }
}

extension Int: TensorIndexConvertible {
  /// The index.
  public var tensorIndex: TensorIndex { .integer(self) }
}

extension Tensor: TensorIndexConvertible {
  /// The index.
  public var tensorIndex: TensorIndex { .tensor(self) }
}

extension Range: TensorIndexConvertible where Bound == Int {
  /// The index.
  public var tensorIndex: TensorIndex { .slice(start: lowerBound, end: upperBound) }
}

extension ClosedRange: TensorIndexConvertible where Bound == Int {
  /// The index.
  public var tensorIndex: TensorIndex {
    .slice(start: lowerBound, end: upperBound == -1 ? nil : upperBound + 1)
  }
}

extension PartialRangeFrom: TensorIndexConvertible where Bound == Int {
  /// The index.
  public var tensorIndex: TensorIndex { .slice(start: lowerBound) }
}

extension PartialRangeUpTo: TensorIndexConvertible where Bound == Int {
  /// The index.
  public var tensorIndex: TensorIndex { .slice(end: upperBound) }
}

extension PartialRangeThrough: TensorIndexConvertible where Bound == Int {
  /// The index.
  public var tensorIndex: TensorIndex { .slice(end: upperBound == -1 ? nil : upperBound + 1) }
}
