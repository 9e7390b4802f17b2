/// A store that can also append, and read and write many keys at once.
///
/// These are the calls that c10d asks for with `has_extended_api`; ``TCPStore`` and ``HashStore``
/// have them. All of them block the calling thread, like those of ``Store``.
public protocol ExtendedStore: Store {
  /// Appends `value` to what `key` holds, in one step; a missing key counts as empty.
  func append(_ key: String, _ value: [UInt8]) throws(StoreError)

  /// The values of `keys`, in their order, once all exist.
  ///
  /// - Parameters:
  ///   - keys: The keys to wait for.
  ///   - timeout: The longest to wait; `nil` means the store's own limit.
  /// - Returns: As many values as `keys` has keys.
  /// - Throws: ``StoreError`` with code `timedOut`, whose message names the keys that are missing.
  func multiGet(_ keys: [String], timeout: Duration?) throws(StoreError) -> [[UInt8]]

  /// Sets every key to its value.
  func multiSet(_ pairs: [(key: String, value: [UInt8])]) throws(StoreError)
}

extension ExtendedStore {
  /// The values of `keys`, in their order; waits for the store's own limit at most.
  public func multiGet(_ keys: [String]) throws(StoreError) -> [[UInt8]] {
    try multiGet(keys, timeout: nil)
  }
}
