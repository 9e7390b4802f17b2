/// Reads numbers from bytes in order; it cannot read beyond their end.
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
      throw FileFailure.damaged("it ends in the middle, at byte \(bytes.count) of a part of it")
    }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func skip(_ count: Int) throws(FileFailure) { _ = try bytes(count) }

  /// A little-endian number.
  mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self)
    throws(FileFailure) -> Number
  {
    try bytes(MemoryLayout<Number>.size).reversed().reduce(0) { $0 << 8 | Number($1) }
  }

  /// What precedes the next byte of a value, which is skipped.
  mutating func bytes(until end: UInt8) throws(FileFailure) -> ArraySlice<UInt8> {
    guard let index = bytes[position...].firstIndex(of: end) else {
      throw FileFailure.damaged("it ends in the middle of a name")
    }
    defer { position = index + 1 }
    return bytes[position..<index]
  }
}
