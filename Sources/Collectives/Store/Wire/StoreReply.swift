/// A reply of the TCPStore protocol.
package enum StoreReply: Equatable, Sendable {
  /// One byte: the reply to `check`, `wait`, `cancelWait` or `barrier`.
  case byte(UInt8)
  /// The nonce of a `ping`.
  case nonce(UInt32)
  /// A sum, a count or a length.
  case number(Int64)
  /// One value.
  case value([UInt8])
  /// Several values, without their count.
  case values([[UInt8]])
  /// The number of items before the request, then the first item if there was one.
  case popped(count: Int64, item: [UInt8]?)
  /// The number of keys, then the keys.
  case keys([[UInt8]])

  /// The number of bytes of ``encoded``.
  package var encodedCount: Int {
    switch self {
    case .byte: 1
    case .nonce: 4
    case .number: 8
    case .value(let value): 8 + value.count
    case .values(let values): values.reduce(0) { $0 + 8 + $1.count }
    case .popped(_, let item): 8 + (item.map { 8 + $0.count } ?? 0)
    case .keys(let keys): keys.reduce(8) { $0 + 8 + $1.count }
    }
  }

  /// The bytes of the reply, little-endian.
  package var encoded: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(encodedCount)
    switch self {
    case .byte(let byte): bytes.append(byte)
    case .nonce(let nonce): bytes.appendNumber(nonce)
    case .number(let number): bytes.appendNumber(number)
    case .value(let value): bytes.appendBlock(value)
    case .values(let values): for value in values { bytes.appendBlock(value) }
    case .popped(let count, let item):
      bytes.appendNumber(count)
      if let item { bytes.appendBlock(item) }
    case .keys(let keys):
      bytes.appendNumber(Int64(keys.count))
      for key in keys { bytes.appendBlock(key) }
    }
    return bytes
  }
}
