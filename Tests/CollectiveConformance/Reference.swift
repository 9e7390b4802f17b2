internal import Glibc
internal import Collectives

/// The expected results of collectives, computed with `Int` and converted to the element type.
///
/// Values repeat with ``period``, so that a long buffer is checked as fast as a short one. They are
/// small, so that every type represents every result exactly.
struct Reference {
  static let period = 11
  let type: ElementType
  let worldSize: Int

  /// The element of a rank before a reduction.
  func value(rank: Int, index: Int, _ op: ReduceOp?) -> Int {
    let seed = (rank * 3 + index % Reference.period * 5) % Reference.period
    switch (op, type) {
    case (_, .bool): return seed & 1
    case (.product, _): return 1 + seed % 2
    case (.average, _): return (seed - 5) * worldSize
    case (_, .uint8): return seed
    default: return seed - 5
    }
  }

  /// The reduction of all ranks' elements.
  func reduced(index: Int, _ op: ReduceOp) -> Int {
    let values = (0..<worldSize).map { value(rank: $0, index: index, op) }
    switch (op, type) {
    case (.sum, .bool): return values.contains(1) ? 1 : 0
    case (.product, .bool): return values.contains(0) ? 0 : 1
    case (.sum, _): return values.reduce(0, +)
    case (.average, _): return values.reduce(0, +) / worldSize
    case (.product, _): return values.reduce(1, *)
    case (.min, _): return values.min() ?? 0
    case (.max, _): return values.max() ?? 0
    case (.bitwiseAnd, _): return values.reduce(-1, &)
    case (.bitwiseOr, _): return values.reduce(0, |)
    case (.bitwiseXor, _): return values.reduce(0, ^)
    }
  }

  /// The bytes of a value in the element type.
  func bytes(_ value: Int) -> [UInt8] {
    switch type {
    case .float64: withUnsafeBytes(of: Double(value)) { Array($0) }
    case .float32: withUnsafeBytes(of: Float(value)) { Array($0) }
    case .float16: withUnsafeBytes(of: Float16(value)) { Array($0) }
    case .bfloat16: withUnsafeBytes(of: UInt16(Float(value).bitPattern >> 16)) { Array($0) }
    case .int64: withUnsafeBytes(of: Int64(value)) { Array($0) }
    case .int32: withUnsafeBytes(of: Int32(value)) { Array($0) }
    case .int16: withUnsafeBytes(of: Int16(truncatingIfNeeded: value)) { Array($0) }
    case .int8: withUnsafeBytes(of: Int8(truncatingIfNeeded: value)) { Array($0) }
    case .uint8, .bool: [UInt8(truncatingIfNeeded: value)]
    }
  }

  /// Fills a buffer, given the values of the first period.
  func fill(_ buffer: CollectiveBuffer, _ value: (Int) -> Int) {
    let pattern = (0..<Reference.period).flatMap { bytes(value($0)) }
    let count = buffer.byteCount
    memcpy(buffer.address, pattern, min(pattern.count, count))
    var filled = pattern.count
    while filled < count {  // doubles each time
      memcpy(buffer.address + filled, buffer.address, min(filled, count - filled))
      filled *= 2
    }
  }

  /// The first element of a buffer that differs; `nil` if none does.
  func difference(_ buffer: CollectiveBuffer, _ value: (Int) -> Int) -> String? {
    let pattern = (0..<Reference.period).flatMap { bytes(value($0)) }
    let memory = UnsafeRawBufferPointer(start: buffer.address, count: buffer.byteCount)
    let size = type.byteCount
    let isRight =
      memory.prefix(pattern.count).elementsEqual(pattern.prefix(memory.count))
      && (memory.count <= pattern.count
        || memcmp(
          buffer.address, buffer.address + pattern.count, memory.count - pattern.count) == 0)
    if isRight { return nil }
    let index =
      (0..<buffer.count).first { index in
        !memory[index * size..<(index + 1) * size]
          .elementsEqual(bytes(value(index % Reference.period)))
      } ?? 0
    return
      "element \(index) has the bytes \(Array(memory[index * size..<(index + 1) * size])), not "
      + "\(bytes(value(index % Reference.period)))"
  }
}
