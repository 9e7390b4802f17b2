/// The row length of a padded batch.
public enum PaddedLength: Sendable, Hashable {
  /// The length of the longest row in the batch.
  case longest
  /// A fixed length.
  case fixed(Int)
}

/// Rows padded to equal length, ready for conversion to a tensor.
///
/// ```swift
/// let ids = try PaddedRows<Int64>(batch.map(\.ids), padding: tokenizer.paddingID)
/// // ids.values in row-major order, and ids.shape
/// ```
public struct PaddedRows<Value: FixedWidthInteger & Sendable>: Sendable, Hashable {
  /// The elements in row-major order, shape `[rows, columns]`.
  public let values: [Value]

  /// The number of rows.
  public let rows: Int

  /// The length of each row, padding included.
  public let columns: Int

  /// The shape: `[rows, columns]`.
  public var shape: [Int] { [rows, columns] }

  /// Pads rows at their ends.
  ///
  /// - Parameters:
  ///   - rows: The rows.
  ///   - padding: The padding element.
  ///   - length: The length of the padded rows.
  ///   - multiple: Rounds the length up to a multiple of this value; 8 suits tensor cores.
  /// - Throws: ``DataLoadingError`` with code `invalidArgument` if a row is longer than a fixed
  ///   length, an element is not representable as `Value`, or `multiple` is less than 1.
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
    func exactly(_ element: Source) throws(DataLoadingError) -> Value {
      guard let value = Value(exactly: element) else {
        throw DataLoadingError(
          .invalidArgument,
          "the element \(element) of a row is not representable as \(Value.self); use a wider type")
      }
      return value
    }
    let paddingValue = try exactly(padding)
    for row in rows {
      for element in row { values.append(try exactly(element)) }
      values.append(contentsOf: repeatElement(paddingValue, count: columns - row.count))
    }
    self.values = values
    self.rows = rows.count
    self.columns = columns
  }
}
