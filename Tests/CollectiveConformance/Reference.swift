internal import Glibc
internal import Collectives

/// What collectives should give, written plainly: numbers as `Int`, which each type then stores.
///
/// Values repeat every ``period`` places, so that a long buffer is checked as fast as a short one, and
/// are so small that every type holds every result exactly.
struct Reference {
  static let period = 11
  let type: ElementType
  let worldSize: Int

  /// The number that a rank holds at a place before a reduction.
  func value(rank: Int, place: Int, _ op: ReduceOp?) -> Int {
    let number = (rank * 3 + place % Reference.period * 5) % Reference.period
    switch (op, type) {
    case (_, .bool): return number & 1
    case (.product, _): return 1 + number % 2
    case (.average, _): return (number - 5) * worldSize
    case (_, .uint8): return number
    default: return number - 5
    }
  }

  /// What all ranks' numbers at a place make.
  func combined(place: Int, _ op: ReduceOp) -> Int {
    let values = (0..<worldSize).map { value(rank: $0, place: place, op) }
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

  /// A number as the type stores it.
  func bytes(_ number: Int) -> [UInt8] {
    switch type {
    case .float64: withUnsafeBytes(of: Double(number)) { Array($0) }
    case .float32: withUnsafeBytes(of: Float(number)) { Array($0) }
    case .float16: withUnsafeBytes(of: Float16(number)) { Array($0) }
    case .bfloat16: withUnsafeBytes(of: UInt16(Float(number).bitPattern >> 16)) { Array($0) }
    case .int64: withUnsafeBytes(of: Int64(number)) { Array($0) }
    case .int32: withUnsafeBytes(of: Int32(number)) { Array($0) }
    case .int16: withUnsafeBytes(of: Int16(truncatingIfNeeded: number)) { Array($0) }
    case .int8: withUnsafeBytes(of: Int8(truncatingIfNeeded: number)) { Array($0) }
    case .uint8, .bool: [UInt8(truncatingIfNeeded: number)]
    }
  }

  /// Writes numbers into a buffer, given those of the first period.
  func fill(_ buffer: CollectiveBuffer, _ number: (Int) -> Int) {
    let pattern = (0..<Reference.period).flatMap { bytes(number($0)) }
    let count = buffer.byteCount
    memcpy(buffer.address, pattern, min(pattern.count, count))
    var filled = pattern.count
    while filled < count {  // twice as much each time
      memcpy(buffer.address + filled, buffer.address, min(filled, count - filled))
      filled *= 2
    }
  }

  /// The first place where a buffer does not hold the numbers, `nil` if it holds them all.
  func difference(_ buffer: CollectiveBuffer, _ number: (Int) -> Int) -> String? {
    let pattern = (0..<Reference.period).flatMap { bytes(number($0)) }
    let memory = UnsafeRawBufferPointer(start: buffer.address, count: buffer.byteCount)
    let size = type.byteCount
    let isRight =
      memory.prefix(pattern.count).elementsEqual(pattern.prefix(memory.count))
      && (memory.count <= pattern.count
        || memcmp(
          buffer.address, buffer.address + pattern.count, memory.count - pattern.count) == 0)
    if isRight { return nil }
    let place =
      (0..<buffer.count).first { place in
        !memory[place * size..<(place + 1) * size]
          .elementsEqual(bytes(number(place % Reference.period)))
      } ?? 0
    return "place \(place) holds bytes \(Array(memory[place * size..<(place + 1) * size])), not "
      + "\(bytes(number(place % Reference.period)))"
  }
}
