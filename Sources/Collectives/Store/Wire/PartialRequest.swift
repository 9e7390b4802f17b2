/// A request of which some parts have been received.
///
/// `nextPart` is the next part, as determined by the operation and the parts so far.
struct PartialRequest {
  enum Part { case number32, number64, count, key, value }

  private let operation: StoreOperation
  private var number: UInt64?
  private var count: Int?
  private var keys: [[UInt8]] = []
  private var values: [[UInt8]] = []

  /// The bytes of all keys and values so far.
  private(set) var byteCount = 0

  init(_ operation: StoreOperation) {
    self.operation = operation
  }

  mutating func add(number: UInt64) { self.number = number }

  mutating func add(count: Int) { self.count = count }

  mutating func add(key: [UInt8]) {
    keys.append(key)
    byteCount += key.count + MemoryLayout<[UInt8]>.size
  }

  mutating func add(value: [UInt8]) {
    values.append(value)
    byteCount += value.count + MemoryLayout<[UInt8]>.size
  }

  /// The next part; `nil` when the request is complete.
  var nextPart: Part? {
    switch operation {
    case .keyCount, .cancelWait, .listKeys: nil
    case .validate, .ping: number == nil ? .number32 : nil
    case .get, .deleteKey, .queuePop, .queueLength: keys.isEmpty ? .key : nil
    case .add, .barrier: keys.isEmpty ? .key : number == nil ? .number64 : nil
    case .set, .append, .queuePush: keys.isEmpty ? .key : values.isEmpty ? .value : nil
    case .compareSet: keys.isEmpty ? .key : values.count < 2 ? .value : nil
    case .check, .wait, .multiGet: count.map { keys.count < $0 ? .key : nil } ?? .count
    case .multiSet: nextPartOfPairs
    }
  }

  private var nextPartOfPairs: Part? {
    guard let count else { return .count }
    if values.count < keys.count { return .value }
    return keys.count < count ? .key : nil
  }

  /// The complete request; valid once `nextPart` is `nil`.
  var request: StoreRequest? {
    let key = keys.first ?? []
    let value = values.first ?? []
    let number = self.number ?? 0
    return switch operation {
    case .validate: .validate(magic: UInt32(truncatingIfNeeded: number))
    case .set: .set(key: key, value: value)
    case .compareSet: .compareSet(key: key, expected: value, desired: values.last ?? [])
    case .get: .get(key: key)
    case .add: .add(key: key, amount: Int64(bitPattern: number))
    case .check: .check(keys: keys)
    case .wait: .wait(keys: keys)
    case .keyCount: .keyCount
    case .deleteKey: .deleteKey(key: key)
    case .append: .append(key: key, value: value)
    case .multiGet: .multiGet(keys: keys)
    case .multiSet: .multiSet(keys: keys, values: values)
    case .cancelWait: .cancelWait
    case .ping: .ping(nonce: UInt32(truncatingIfNeeded: number))
    case .queuePush: .queuePush(key: key, value: value)
    case .queuePop: .queuePop(key: key)
    case .queueLength: .queueLength(key: key)
    case .listKeys: .listKeys
    case .barrier: .barrier(key: key, worldSize: Int64(bitPattern: number))
    }
  }
}
