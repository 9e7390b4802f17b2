import Support

/// A store within one process, for ranks that are threads and for tests.
public final class HashStore: ExtendedStore {
  /// The default timeout of a call.
  public let timeout: Duration

  private let values = Monitor<[String: [UInt8]]>([:])

  /// Creates an empty store.
  ///
  /// - Parameter timeout: The default timeout of a call.
  public init(timeout: Duration = .seconds(300)) {
    self.timeout = timeout
  }

  /// Sets `key` to `value` and wakes all callers that wait for it.
  public func set(_ key: String, _ value: [UInt8]) {
    values.change { $0[key] = value }
  }

  /// Returns the value of `key`, once it exists.
  public func get(_ key: String, timeout: Duration?) throws(StoreError) -> [UInt8] {
    let limit = timeout ?? self.timeout
    guard let value = values.wait(until: Deadline(after: limit), { $0[key] }) else {
      throw .timedOut(missing: [key], of: 1, after: limit, in: "this HashStore")
    }
    return value
  }

  /// Adds `amount` to the counter `key` and returns the sum.
  public func add(_ key: String, _ amount: Int64) throws(StoreError) -> Int64 {
    try values.change { (values) throws(StoreError) in
      guard let sum = StoreValue.sum(of: values[key], and: amount) else {
        throw StoreValue.notACounter(key, values[key], amount)
      }
      values[key] = StoreValue.text(of: sum)
      return sum
    }
  }

  /// Sets `key` to `desired` if its value is `expected`; returns its value afterwards.
  public func compareSet(_ key: String, expected: [UInt8], desired: [UInt8]) -> [UInt8] {
    values.change { values in
      let (answer, stores) = StoreValue.compareSet(
        current: values[key], expected: expected, desired: desired)
      if stores { values[key] = desired }
      return answer
    }
  }

  /// Removes `key`, and returns whether it existed.
  public func deleteKey(_ key: String) -> Bool {
    values.withLock { $0.removeValue(forKey: key) != nil }
  }

  /// Returns whether all of `keys` exist.
  public func check(_ keys: [String]) -> Bool {
    values.withLock { values in keys.allSatisfy { values[$0] != nil } }
  }

  /// Blocks until all of `keys` exist.
  public func wait(_ keys: [String], timeout: Duration?) throws(StoreError) {
    _ = try multiGet(keys, timeout: timeout)
  }

  /// Returns the number of keys.
  public func keyCount() -> Int64 {
    values.withLock { Int64($0.count) }
  }

  /// Appends to the value of `key`, atomically.
  public func append(_ key: String, _ value: [UInt8]) {
    values.change { $0[key, default: []] += value }
  }

  /// Returns the values of `keys`, in the same order, once all exist.
  public func multiGet(_ keys: [String], timeout: Duration?) throws(StoreError) -> [[UInt8]] {
    let limit = timeout ?? self.timeout
    let found = values.wait(until: Deadline(after: limit)) { values in
      let present = keys.compactMap { values[$0] }
      return present.count == keys.count ? present : nil
    }
    guard let found else {
      let missing = values.withLock { values in keys.filter { values[$0] == nil } }
      throw .timedOut(missing: missing, of: keys.count, after: limit, in: "this HashStore")
    }
    return found
  }

  /// Sets each key to its value, atomically.
  public func multiSet(_ pairs: [(key: String, value: [UInt8])]) {
    values.change { values in
      for (key, value) in pairs { values[key] = value }
    }
  }

  /// Returns all keys, unordered.
  public func listKeys() -> [String] {
    values.withLock { Array($0.keys) }
  }
}
