/// How long the rows of a padded batch are.
public enum PaddedLength: Sendable, Hashable {
  /// As long as the longest row of the batch.
  case longest
  /// Always this long.
  case fixed(Int)
}

/// Rows of numbers made equally long, ready to become a tensor.
///
/// ```swift
/// let ids = try PaddedRows<Int64>(batch.map(\.ids), padding: tokenizer.paddingID)
/// // ids.values, row by row, and ids.shape
/// ```
public struct PaddedRows<Value: FixedWidthInteger & Sendable>: Sendable, Hashable {
  /// The numbers, row by row: shape `[rows, columns]`.
  public let values: [Value]

  /// The number of rows.
  public let rows: Int

  /// The length of each row, padding included.
  public let columns: Int

  /// `[rows, columns]`.
  public var shape: [Int] { [rows, columns] }

  /// Pads rows at their ends.
  ///
  /// - Parameters:
  ///   - rows: The rows; each number has to fit into `Value`.
  ///   - padding: What rows are filled up with.
  ///   - length: How long the rows become.
  ///   - multiple: The length is rounded up to a multiple of this; tensor cores like 8.
  /// - Throws: ``DataLoadingError`` with code `invalidArgument` if a row is longer than a fixed
  ///   length, or `multiple` is less than 1.
  public init<Source: FixedWidthInteger>(
    _ rows: [[Source]], padding: Source, to length: PaddedLength = .longest,
    multipleOf multiple: Int = 1
  ) throws(DataLoadingError) {
    guard multiple >= 1 else {
      throw DataLoadingError(
        .invalidArgument, "rows cannot be padded to a multiple of \(multiple); use 1 or more")
    }
    let longest = rows.lazy.map(\.count).max() ?? 0
    var columns = longest
    if case .fixed(let fixed) = length {
      guard longest <= fixed else {
        throw DataLoadingError(
          .invalidArgument,
          "a row of length \(longest) exceeds the fixed length \(fixed): truncate rows before "
            + "padding, or pad to the longest")
      }
      columns = fixed
    }
    columns = (columns + multiple - 1) / multiple * multiple
    var values: [Value] = []
    values.reserveCapacity(rows.count * columns)
    for row in rows {
      for value in row { values.append(Value(value)) }
      values.append(contentsOf: repeatElement(Value(padding), count: columns - row.count))
    }
    self.values = values
    self.rows = rows.count
    self.columns = columns
  }
}
