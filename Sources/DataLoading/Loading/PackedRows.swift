/// Rows concatenated without padding, for models that attend within each sequence.
///
/// ```swift
/// let packed = PackedRows<Int64>(batch.map(\.ids))
/// // packed.values: shape [tokens]; sequence k is packed.boundaries[k]..<packed.boundaries[k + 1]
/// ```
public struct PackedRows<Value: FixedWidthInteger & Sendable>: Sendable, Hashable {
  /// The elements of all rows, shape `[tokens]`.
  public let values: [Value]

  /// The start offset of each row, and the end: `cu_seqlens` in other frameworks, shape `[rows +
  /// 1]`.
  public let boundaries: [Int32]

  /// The position of each element in its row, shape `[tokens]`.
  public let positions: [Value]

  /// The length of the longest row.
  public let longest: Int

  /// Concatenates rows; every element must be representable as `Value`.
  public init<Source: FixedWidthInteger>(_ rows: [[Source]]) {
    values = rows.flatMap { $0.map { Value($0) } }
    positions = rows.flatMap { $0.indices.map { Value($0) } }
    longest = rows.lazy.map(\.count).max() ?? 0
    var boundaries: [Int32] = [0]
    for row in rows { boundaries.append(boundaries[boundaries.count - 1] + Int32(row.count)) }
    self.boundaries = boundaries
  }
}
