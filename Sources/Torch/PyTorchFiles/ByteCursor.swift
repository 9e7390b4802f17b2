/// Reads integers and byte ranges from an array or a range of a file in order, with bounds checks.
struct ByteCursor {
  /// The bytes of the array, or a part of the file.
  private var window: [UInt8]
  /// The position of the next byte in the window.
  private var index: Int
  /// The position of the window in the file.
  private var windowStart: UInt64 = 0
  private var file: ReadableFile?
  private var end: UInt64

  /// The number of bytes that are read from a file at once.
  private static let windowByteCount = 1 << 16

  init(_ bytes: [UInt8], at position: Int = 0) {
    window = bytes
    index = position
    end = UInt64(bytes.count)
  }

  /// Reads a range of a file, with a small part of it in memory at a time.
  init(_ file: ReadableFile, _ range: Range<UInt64>) {
    window = []
    index = 0
    windowStart = range.lowerBound
    self.file = file
    end = range.upperBound
  }

  /// The position of the next byte in the array or file.
  var position: UInt64 { windowStart + UInt64(index) }

  /// The number of bytes up to the end of the array or range.
  var remaining: UInt64 { end - position }

  mutating func bytes(_ count: Int) throws(FileFailure) -> ArraySlice<UInt8> {
    guard count >= 0, UInt64(count) <= remaining else {
      throw FileFailure.damaged("one of its records is truncated at byte \(end)")
    }
    try fill(count)
    defer { index += count }
    return window[index..<index + count]
  }

  mutating func skip(_ count: Int) throws(FileFailure) {
    guard file != nil, count > window.count - index else {
      _ = try bytes(count)
      return
    }
    guard UInt64(count) <= remaining else {
      throw FileFailure.damaged("one of its records is truncated at byte \(end)")
    }
    windowStart = position + UInt64(count)
    window = []
    index = 0
  }

  /// Reads a little-endian integer.
  mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self)
    throws(FileFailure) -> Value
  {
    try bytes(MemoryLayout<Value>.size).reversed().reduce(0) { $0 << 8 | Value($1) }
  }

  /// Reads the bytes before the next byte equal to `end`, and skips that byte.
  mutating func bytes(until end: UInt8) throws(FileFailure) -> ArraySlice<UInt8> {
    // Only names are read this way, and they are much shorter than the window.
    try fill(Int(min(remaining, UInt64(ByteCursor.windowByteCount))))
    guard let next = window[index...].firstIndex(of: end) else {
      throw FileFailure.damaged("one of its records is truncated inside a name")
    }
    defer { index = next + 1 }
    return window[index..<next]
  }

  /// Reads the next part of the file if the window has less than `count` bytes left.
  private mutating func fill(_ count: Int) throws(FileFailure) {
    guard let file, window.count - index < count else { return }
    let start = position
    let next = min(UInt64(max(count, ByteCursor.windowByteCount)), end - start)
    window = try file.bytes(start..<start + next)
    windowStart = start
    index = 0
  }
}
