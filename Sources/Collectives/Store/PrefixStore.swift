/// A view of another store in which every key begins with `prefix/`.
///
/// It keeps the users of one store apart: the key `k` here is `prefix/k` there, as in PyTorch, where
/// views may be stacked: `PrefixStore("a", PrefixStore("b", store))` puts `k` at `b/a/k`.
public final class PrefixStore: Store {
  /// What every key begins with, without the slash.
  public let prefix: String

  /// The store that holds the keys.
  public let base: any Store

  /// The limit of a call that names none: the base's.
  public var timeout: Duration { base.timeout }

  /// Creates a view of `base`.
  ///
  /// - Parameters:
  ///   - prefix: What every key shall begin with, without the slash that is put after it.
  ///   - base: The store that holds the keys.
  public init(_ prefix: String, _ base: any Store) {
    self.prefix = prefix
    self.base = base
  }

  /// Sets `key` to `value` and wakes whoever waits for it.
  public func set(_ key: String, _ value: [UInt8]) throws(StoreError) {
    try base.set(joined(key), value)
  }

  /// The value of `key`, once it exists.
  public func get(_ key: String, timeout: Duration?) throws(StoreError) -> [UInt8] {
    try base.get(joined(key), timeout: timeout)
  }

  /// Adds `amount` to the counter `key` and returns the sum.
  public func add(_ key: String, _ amount: Int64) throws(StoreError) -> Int64 {
    try base.add(joined(key), amount)
  }

  /// Sets `key` to `desired` if it holds `expected`, and returns what it holds afterwards.
  public func compareSet(
    _ key: String, expected: [UInt8], desired: [UInt8]
  ) throws(StoreError) -> [UInt8] {
    try base.compareSet(joined(key), expected: expected, desired: desired)
  }

  /// Removes `key`, and returns whether it existed.
  public func deleteKey(_ key: String) throws(StoreError) -> Bool {
    try base.deleteKey(joined(key))
  }

  /// Whether all of `keys` exist now.
  public func check(_ keys: [String]) throws(StoreError) -> Bool {
    try base.check(keys.map(joined))
  }

  /// Blocks until all of `keys` exist.
  public func wait(_ keys: [String], timeout: Duration?) throws(StoreError) {
    try base.wait(keys.map(joined), timeout: timeout)
  }

  /// The number of keys in the base, those without the prefix included, as in PyTorch.
  public func keyCount() throws(StoreError) -> Int64 {
    try base.keyCount()
  }

  private func joined(_ key: String) -> String {
    "\(prefix)/\(key)"
  }
}
