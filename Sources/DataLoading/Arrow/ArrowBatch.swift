internal import CArrow

/// A batch of table rows in Arrow's memory layout, released in `deinit`.
///
/// `@unchecked Sendable`: Arrow does not write to the memory after exporting it.
final class ArrowBatch: @unchecked Sendable {
  private var array: ArrowArray

  var count: Int { Int(array.length) }

  /// Takes ownership of an array that is fully validated (see CArrow.h).
  init(_ array: ArrowArray) { self.array = array }

  deinit { array.release?(&array) }

  /// Returns the value in a column and row, which must both be in range.
  func value(column: Int, _ type: ArrowType, row: Int) -> ColumnValue {
    guard let child = array.children?[column]?.pointee else { return .null }
    return Self.value(child, type, row + Int(array.offset))
  }

  private static func value(_ array: ArrowArray, _ type: ArrowType, _ row: Int) -> ColumnValue {
    let index = row + Int(array.offset)
    func buffer<Value>(_ number: Int, as type: Value.Type) -> UnsafePointer<Value>? {
      array.buffers?[number]?.assumingMemoryBound(to: type)
    }
    func bit(_ number: Int, ifAbsent: Bool) -> Bool {
      buffer(number, as: UInt8.self).map { $0[index / 8] >> (index % 8) & 1 == 1 } ?? ifAbsent
    }
    func number<Value>(_ type: Value.Type) -> Value? { buffer(1, as: type)?[index] }
    func range(isLarge: Bool) -> Range<Int> {
      if isLarge, let ends = buffer(1, as: Int64.self) {
        return Int(ends[index])..<Int(ends[index + 1])
      }
      if !isLarge, let ends = buffer(1, as: Int32.self) {
        return Int(ends[index])..<Int(ends[index + 1])
      }
      return 0..<0
    }
    func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(
        start: buffer(2, as: UInt8.self).map { $0 + range.lowerBound }, count: range.count)
    }
    guard type != .null, bit(0, ifAbsent: true) else { return .null }
    func integer<Value: SignedInteger>(_ type: Value.Type) -> ColumnValue {
      number(type).map { .integer(Int64($0)) } ?? .null
    }
    func unsigned<Value: UnsignedInteger>(_ type: Value.Type) -> ColumnValue {
      number(type).map { .unsigned(UInt64($0)) } ?? .null
    }
    switch type {
    case .null: return .null
    case .boolean: return .boolean(bit(1, ifAbsent: false))
    case .int8: return integer(Int8.self)
    case .int16: return integer(Int16.self)
    case .int32: return integer(Int32.self)
    case .int64: return integer(Int64.self)
    case .uint8: return unsigned(UInt8.self)
    case .uint16: return unsigned(UInt16.self)
    case .uint32: return unsigned(UInt32.self)
    case .uint64: return unsigned(UInt64.self)
    case .float32: return number(Float.self).map { .real(Double($0)) } ?? .null
    case .float64: return number(Double.self).map { .real($0) } ?? .null
    case .text(let isLarge):
      let range = range(isLarge: isLarge)
      return .text(range.isEmpty ? "" : String(decoding: bytes(range), as: UTF8.self))
    case .bytes(let isLarge):
      let range = range(isLarge: isLarge)
      return .bytes(range.isEmpty ? [] : Array(bytes(range)))
    case .list(let element, let isLarge):
      guard let child = array.children?[0]?.pointee else { return .list([]) }
      return .list(range(isLarge: isLarge).map { value(child, element, $0) })
    }
  }
}
