/// A view of another store in which every key begins with `prefix/`.
///
/// It separates the users of one store: the key `k` of the view is `prefix/k` in the base. As in
/// PyTorch, views can be nested: `PrefixStore("a", PrefixStore("b", store))` maps `k` to `b/a/k`.
public final class PrefixStore: Store {
  /// The prefix of every key, without the slash.
  public let prefix: String

  /// The store that holds the keys.
  public let base: any Store

  /// The default timeout of a call: the base's.
  public var timeout: Duration { base.timeout }

  /// Creates a view of `base`.
  ///
  /// - Parameters:
  ///   - prefix: The prefix of every key, without the slash that follows it.
  ///   - base: The store that holds the keys.
  public init(_ prefix: String, _ base: any Store) {
    self.prefix = prefix
    self.base = base
  }

  /// Sets `key` to `value` and wakes all callers that wait for it.
  public func set(_ key: String, _ value: [UInt8]) throws(StoreError) {
    try base.set(joined(key), value)
  }

  /// Returns the value of `key`, once it exists.
  public func get(_ key: String, timeout: Duration?) throws(StoreError) -> [UInt8] {
    try base.get(joined(key), timeout: timeout)
  }

  /// Adds `amount` to the counter `key` and returns the sum.
  public func add(_ key: String, _ amount: Int64) throws(StoreError) -> Int64 {
    try base.add(joined(key), amount)
  }

  /// Sets `key` to `desired` if its value is `expected`; returns its value afterwards.
  public func compareSet(
    _ key: String, expected: [UInt8], desired: [UInt8]
  ) throws(StoreError) -> [UInt8] {
    try base.compareSet(joined(key), expected: expected, desired: desired)
  }

  /// Removes `key`, and returns whether it existed.
  public func deleteKey(_ key: String) throws(StoreError) -> Bool {
    try base.deleteKey(joined(key))
  }

  /// Returns whether all of `keys` exist.
  public func check(_ keys: [String]) throws(StoreError) -> Bool {
    try base.check(keys.map(joined))
  }

  /// Blocks until all of `keys` exist.
  public func wait(_ keys: [String], timeout: Duration?) throws(StoreError) {
    try base.wait(keys.map(joined), timeout: timeout)
  }

  /// Returns the number of keys in the base, including those without the prefix, as in PyTorch.
  public func keyCount() throws(StoreError) -> Int64 {
    try base.keyCount()
  }

  private func joined(_ key: String) -> String {
    "\(prefix)/\(key)"
  }
}
