/// An index of a subscript: an integer, a range, a tensor, or PyTorch's `:`, `...` or `None`.
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
public struct TensorIndex: TensorIndexConvertible {
  enum Kind {
    case all
    case ellipsis
    case newAxis
    case integer(Int)
    case slice(start: Int?, end: Int?, step: Int)
    case tensor(Tensor)
  }

  let kind: Kind

  /// The index itself.
  public var tensorIndex: TensorIndex { self }
}

extension TensorIndexConvertible where Self == TensorIndex {
  /// All of the dimension: PyTorch's `:`.
  public static var all: TensorIndex { TensorIndex(kind: .all) }

  /// All dimensions that the other indices leave: PyTorch's `...`.
  public static var ellipsis: TensorIndex { TensorIndex(kind: .ellipsis) }

  /// A new dimension of size 1: PyTorch's `None`.
  public static var newAxis: TensorIndex { TensorIndex(kind: .newAxis) }

  /// Every `step`-th position from `start` to `end`, without `end`; negative ones from the end.
  public static func slice(start: Int? = nil, end: Int? = nil, step: Int = 1) -> TensorIndex {
    TensorIndex(kind: .slice(start: start, end: end, step: step))
  }
}

extension Int: TensorIndexConvertible {
  /// The index of one position, from the end if it is negative; the dimension is removed.
  public var tensorIndex: TensorIndex { TensorIndex(kind: .integer(self)) }
}

extension Tensor: TensorIndexConvertible {
  /// The index of positions, or a mask of Boolean values.
  public var tensorIndex: TensorIndex { TensorIndex(kind: .tensor(self)) }
}

extension Range: TensorIndexConvertible where Bound == Int {
  /// The index of the positions in the range.
  public var tensorIndex: TensorIndex { .slice(start: lowerBound, end: upperBound) }
}

extension ClosedRange: TensorIndexConvertible where Bound == Int {
  /// The index of the positions in the range.
  public var tensorIndex: TensorIndex {
    .slice(start: lowerBound, end: upperBound == -1 ? nil : upperBound + 1)
  }
}

extension PartialRangeFrom: TensorIndexConvertible where Bound == Int {
  /// The index of the positions in the range.
  public var tensorIndex: TensorIndex { .slice(start: lowerBound) }
}

extension PartialRangeUpTo: TensorIndexConvertible where Bound == Int {
  /// The index of the positions in the range.
  public var tensorIndex: TensorIndex { .slice(end: upperBound) }
}

extension PartialRangeThrough: TensorIndexConvertible where Bound == Int {
  /// The index of the positions in the range.
  public var tensorIndex: TensorIndex { .slice(end: upperBound == -1 ? nil : upperBound + 1) }
}
