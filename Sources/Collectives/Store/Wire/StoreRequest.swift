/// A request of the TCPStore protocol.
///
/// Keys are bytes, not necessarily text.
package enum StoreRequest: Equatable, Sendable {
  package typealias Bytes = [UInt8]

  case validate(magic: UInt32)
  case set(key: Bytes, value: Bytes)
  case compareSet(key: Bytes, expected: Bytes, desired: Bytes)
  case get(key: Bytes)
  case add(key: Bytes, amount: Int64)
  case check(keys: [Bytes])
  case wait(keys: [Bytes])
  case keyCount
  case deleteKey(key: Bytes)
  case append(key: Bytes, value: Bytes)
  case multiGet(keys: [Bytes])
  case multiSet(keys: [Bytes], values: [Bytes])
  case cancelWait
  case ping(nonce: UInt32)
  case queuePush(key: Bytes, value: Bytes)
  case queuePop(key: Bytes)
  case queueLength(key: Bytes)
  case listKeys
  case barrier(key: Bytes, worldSize: Int64)
}

extension StoreRequest {
  /// The bytes of the request: the operation and its parts, little-endian.
  package var encoded: Bytes {
    switch self {
    case .validate(let magic): .operation(.validate).with(magic)
    case .set(let key, let value): .operation(.set).with(key).with(value)
    case .compareSet(let key, let expected, let desired):
      .operation(.compareSet).with(key).with(expected).with(desired)
    case .get(let key): .operation(.get).with(key)
    case .add(let key, let amount): .operation(.add).with(key).with(amount)
    case .check(let keys): .operation(.check).with(keys)
    case .wait(let keys): .operation(.wait).with(keys)
    case .keyCount: .operation(.keyCount)
    case .deleteKey(let key): .operation(.deleteKey).with(key)
    case .append(let key, let value): .operation(.append).with(key).with(value)
    case .multiGet(let keys): .operation(.multiGet).with(keys)
    case .multiSet(let keys, let values):
      zip(keys, values).reduce(into: .operation(.multiSet).with(UInt64(keys.count))) {
        $0.appendBlock($1.0)
        $0.appendBlock($1.1)
      }
    case .cancelWait: .operation(.cancelWait)
    case .ping(let nonce): .operation(.ping).with(nonce)
    case .queuePush(let key, let value): .operation(.queuePush).with(key).with(value)
    case .queuePop(let key): .operation(.queuePop).with(key)
    case .queueLength(let key): .operation(.queueLength).with(key)
    case .listKeys: .operation(.listKeys)
    case .barrier(let key, let worldSize): .operation(.barrier).with(key).with(worldSize)
    }
  }
}

extension [UInt8] {
  /// Appends `number` in little-endian order.
  package mutating func appendNumber(_ number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  /// Appends the length of `block` as 64 bits, then `block`.
  mutating func appendBlock(_ block: [UInt8]) {
    appendNumber(UInt64(block.count))
    append(contentsOf: block)
  }

  fileprivate static func operation(_ operation: StoreOperation) -> [UInt8] {
    [operation.rawValue]
  }

  fileprivate consuming func with(_ number: some FixedWidthInteger) -> [UInt8] {
    appendNumber(number)
    return self
  }

  fileprivate consuming func with(_ block: [UInt8]) -> [UInt8] {
    appendBlock(block)
    return self
  }

  fileprivate consuming func with(_ blocks: [[UInt8]]) -> [UInt8] {
    appendNumber(UInt64(blocks.count))
    for block in blocks { appendBlock(block) }
    return self
  }
}
