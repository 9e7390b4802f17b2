/// Rows of numbers joined to one, for models that attend within each sequence: no padding at all.
///
/// ```swift
/// let packed = PackedRows<Int64>(batch.map(\.ids))
/// // packed.values: shape [tokens]; sequence k is packed.boundaries[k]..<packed.boundaries[k + 1]
/// ```
public struct PackedRows<Value: FixedWidthInteger & Sendable>: Sendable, Hashable {
  /// The numbers of all rows, shape `[tokens]`.
  public let values: [Value]

  /// Where each row starts, and the end: shape `[rows + 1]`, the `cu_seqlens` of other frameworks.
  public let boundaries: [Int32]

  /// Each number's place in its row, shape `[tokens]`.
  public let positions: [Value]

  /// The length of the longest row.
  public let longest: Int

  /// Joins rows; each number has to fit into `Value`.
  public init<Source: FixedWidthInteger>(_ rows: [[Source]]) {
    values = rows.flatMap { $0.map { Value($0) } }
    positions = rows.flatMap { $0.indices.map { Value($0) } }
    longest = rows.lazy.map(\.count).max() ?? 0
    var boundaries: [Int32] = [0]
    for row in rows { boundaries.append(boundaries[boundaries.count - 1] + Int32(row.count)) }
    self.boundaries = boundaries
  }
}
