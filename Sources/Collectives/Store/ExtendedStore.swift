/// A store that can also append, and read and write several keys at once.
///
/// These are the operations of c10d's `has_extended_api`; ``TCPStore`` and ``HashStore`` have them.
/// All block the calling thread, like those of ``Store``.
public protocol ExtendedStore: Store {
  /// Appends to the value of `key`, atomically; a missing key counts as empty.
  func append(_ key: String, _ value: [UInt8]) throws(StoreError)

  /// Returns the values of `keys`, in the same order, once all exist.
  ///
  /// - Parameters:
  ///   - keys: The keys to wait for.
  ///   - timeout: The time limit; `nil` for the store's default.
  /// - Returns: One value per key.
  /// - Throws: ``StoreError`` with code `timedOut`; the message names the missing keys.
  func multiGet(_ keys: [String], timeout: Duration?) throws(StoreError) -> [[UInt8]]

  /// Sets each key to its value.
  func multiSet(_ pairs: [(key: String, value: [UInt8])]) throws(StoreError)
}

extension ExtendedStore {
  /// Returns the values of `keys`, in the same order; waits up to the store's default timeout.
  public func multiGet(_ keys: [String]) throws(StoreError) -> [[UInt8]] {
    try multiGet(keys, timeout: nil)
  }
}
