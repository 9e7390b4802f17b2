internal import CArrow

/// A batch of table rows in Arrow's memory layout, released in `deinit`.
///
/// `@unchecked Sendable`: Arrow does not write to the memory after exporting it.
final class ArrowBatch: @unchecked Sendable {
  private var array: ArrowArray
  /// The position of each column in the array.
  private let positions: [Int]

  var count: Int { Int(array.length) }

  /// Takes ownership of an array that is fully validated (see CArrow.h).
  init(_ array: ArrowArray, positions: [Int]) {
    self.array = array
    self.positions = positions
  }

  deinit { array.release?(&array) }

  /// Returns the value in a column and row, which must both be in range.
  ///
  /// A value without an exact ``ColumnValue`` is returned as null. Opening a table rejects it.
  func value(column: Int, _ type: ArrowType, row: Int) -> ColumnValue {
    exactValue(column: column, type, row: row) ?? .null
  }

  /// Returns the value in a column and row, or `nil` if it has no exact ``ColumnValue``.
  func exactValue(column: Int, _ type: ArrowType, row: Int) -> ColumnValue? {
    guard let child = array.children?[positions[column]]?.pointee else { return .null }
    return ArrowColumn(array: child, type: type).value(row + Int(array.offset))
  }

  /// Returns the digits of a decimal in a column and row, for error messages.
  func decimalText(column: Int, _ type: ArrowType, row: Int) -> String? {
    guard let child = array.children?[positions[column]]?.pointee else { return nil }
    return ArrowColumn(array: child, type: type).decimal(row + Int(array.offset))?.description
  }
}

/// One array of a batch with its type.
private struct ArrowColumn {
  let array: ArrowArray
  let type: ArrowType

  func value(_ row: Int) -> ColumnValue? {
    let index = row + Int(array.offset)
    // A run-end encoded array has no validity bitmap; its values have one.
    if case .runs(let value, let end) = type { return run(row, value, end) }
    guard type != .null, bit(0, index, ifAbsent: true) else { return .null }
    switch type {
    case .null: return .null
    case .boolean: return .boolean(bit(1, index, ifAbsent: false))
    case .int8, .int16, .int32, .int64:
      return .integer(integer(index))
    case .uint8, .uint16, .uint32: return .unsigned(UInt64(integer(index)))
    case .uint64: return .unsigned(load(index))
    case .float16: return .real(Double(load(index) as Float16))
    case .float32: return .real(Double(load(index) as Float))
    case .float64: return .real(load(index))
    case .decimal: return decimal(row)?.value
    case .text, .textView:
      return .text(bytes(index).map { String(decoding: $0, as: UTF8.self) } ?? "")
    case .bytes, .bytesView, .fixedBytes:
      return .bytes(bytes(index).map { Array($0) } ?? [])
    case .list(let element, let isLarge): return list(ends(index, isLarge: isLarge), element)
    case .listView(let element, let isLarge):
      let start = isLarge ? Int(load(index) as Int64) : Int(load(index) as Int32)
      let count =
        isLarge ? Int(load(index, buffer: 2) as Int64) : Int(load(index, buffer: 2) as Int32)
      return list(start..<start + count, element)
    case .fixedList(let element, let count):
      return list(index * count..<(index + 1) * count, element)
    case .dictionary(let value, let indexType):
      guard let values = array.dictionary?.pointee else { return .null }
      let position = ArrowColumn(array: array, type: indexType).integer(index)
      return ArrowColumn(array: values, type: value).value(Int(position))
    case .runs: return .null
    }
  }

  /// Returns the decimal in a row, or `nil` if it is null or has more than 128 bits.
  func decimal(_ row: Int) -> ExactDecimal? {
    let index = row + Int(array.offset)
    guard case .decimal(let width, _, let scale) = type, bit(0, index, ifAbsent: true),
      let bytes = pointer(1, as: UInt8.self)
    else { return nil }
    return ExactDecimal(
      UnsafeRawBufferPointer(start: bytes + index * width, count: width), scale: scale)
  }

  private func pointer<Value>(_ buffer: Int, as type: Value.Type) -> UnsafePointer<Value>? {
    array.buffers?[buffer]?.assumingMemoryBound(to: type)
  }

  private func bit(_ buffer: Int, _ index: Int, ifAbsent: Bool) -> Bool {
    pointer(buffer, as: UInt8.self).map { $0[index / 8] >> (index % 8) & 1 == 1 } ?? ifAbsent
  }

  /// Loads an element of a buffer; 0 if the buffer is absent, as in an empty array.
  private func load<Value: ExpressibleByIntegerLiteral>(_ index: Int, buffer: Int = 1) -> Value {
    pointer(buffer, as: Value.self)?[index] ?? 0
  }

  /// Loads an integer of at most 64 bits.
  private func integer(_ index: Int) -> Int64 {
    switch type {
    case .int8: Int64(load(index) as Int8)
    case .int16: Int64(load(index) as Int16)
    case .int32: Int64(load(index) as Int32)
    case .uint8: Int64(load(index) as UInt8)
    case .uint16: Int64(load(index) as UInt16)
    case .uint32: Int64(load(index) as UInt32)
    default: load(index)
    }
  }

  private func ends(_ index: Int, isLarge: Bool) -> Range<Int> {
    isLarge
      ? Int(load(index) as Int64)..<Int(load(index + 1) as Int64)
      : Int(load(index) as Int32)..<Int(load(index + 1) as Int32)
  }

  /// The bytes of text or binary data; `nil` if there are none.
  private func bytes(_ index: Int) -> UnsafeBufferPointer<UInt8>? {
    let range: Range<Int>
    var buffer = 2
    switch type {
    case .text(let isLarge), .bytes(let isLarge): range = ends(index, isLarge: isLarge)
    case .fixedBytes(let width):
      range = index * width..<(index + 1) * width
      buffer = 1
    default:
      // A view: the length, and the bytes if there are at most 12, or a prefix, a buffer and an
      // offset.
      guard let view = pointer(1, as: UInt8.self).map({ UnsafeRawPointer($0 + 16 * index) }) else {
        return nil
      }
      let count = Int(view.loadUnaligned(as: Int32.self))
      if count <= 12 {
        let start = view.assumingMemoryBound(to: UInt8.self) + 4
        return count == 0 ? nil : UnsafeBufferPointer(start: start, count: count)
      }
      buffer = 2 + Int(view.loadUnaligned(fromByteOffset: 8, as: Int32.self))
      let start = Int(view.loadUnaligned(fromByteOffset: 12, as: Int32.self))
      range = start..<start + count
    }
    guard !range.isEmpty, let start = pointer(buffer, as: UInt8.self) else { return nil }
    return UnsafeBufferPointer(start: start + range.lowerBound, count: range.count)
  }

  private func list(_ range: Range<Int>, _ element: ArrowType) -> ColumnValue? {
    guard let child = array.children?[0]?.pointee else { return .list([]) }
    let column = ArrowColumn(array: child, type: element)
    var values: [ColumnValue] = []
    values.reserveCapacity(range.count)
    for index in range {
      guard let value = column.value(index) else { return nil }
      values.append(value)
    }
    return .list(values)
  }

  /// Finds the run of a row by binary search.
  private func run(_ row: Int, _ value: ArrowType, _ end: ArrowType) -> ColumnValue? {
    guard let ends = array.children?[0]?.pointee, let values = array.children?[1]?.pointee else {
      return .null
    }
    let column = ArrowColumn(array: ends, type: end)
    let position = Int64(row) + array.offset
    var low = 0
    var high = Int(ends.length) - 1
    while low < high {
      let middle = (low + high) / 2
      if column.integer(middle + Int(ends.offset)) <= position {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return ArrowColumn(array: values, type: value).value(low)
  }
}
