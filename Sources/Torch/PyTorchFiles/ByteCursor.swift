/// Reads integers and byte ranges from an array in order, with bounds checks.
struct ByteCursor {
  private let bytes: [UInt8]
  private(set) var position: Int

  init(_ bytes: [UInt8], at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  var remaining: Int { bytes.count - position }

  mutating func bytes(_ count: Int) throws(FileFailure) -> ArraySlice<UInt8> {
    guard count <= remaining else {
      throw FileFailure.damaged("one of its records is truncated at byte \(bytes.count)")
    }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func skip(_ count: Int) throws(FileFailure) { _ = try bytes(count) }

  /// Reads a little-endian integer.
  mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self)
    throws(FileFailure) -> Value
  {
    try bytes(MemoryLayout<Value>.size).reversed().reduce(0) { $0 << 8 | Value($1) }
  }

  /// Reads the bytes before the next byte equal to `end`, and skips that byte.
  mutating func bytes(until end: UInt8) throws(FileFailure) -> ArraySlice<UInt8> {
    guard let index = bytes[position...].firstIndex(of: end) else {
      throw FileFailure.damaged("one of its records is truncated inside a name")
    }
    defer { position = index + 1 }
    return bytes[position..<index]
  }
}
