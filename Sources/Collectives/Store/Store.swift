/// A map from keys to bytes that the processes of a job share.
///
/// Processes find each other through it: one sets a key, others wait until it exists. It is the
/// counterpart of c10d's `Store`, with the same names and semantics.
///
/// Every method blocks the calling thread until it has a result or its timeout has passed, so do
/// not call one from Swift's cooperative thread pool. All methods may be called from any thread.
/// Keys remain until they are deleted, and are not ordered.
public protocol Store: AnyObject, Sendable {
  /// The default timeout of a call, 300 s unless the store was created with another.
  var timeout: Duration { get }

  /// Sets `key` to `value`, whether or not it exists, and wakes all callers that wait for it.
  func set(_ key: String, _ value: [UInt8]) throws(StoreError)

  /// Returns the value of `key`, once it exists.
  ///
  /// - Parameters:
  ///   - key: The key to wait for.
  ///   - timeout: The time limit; zero checks without waiting, `nil` stands for the store's
  ///     default.
  /// - Returns: The bytes that were set last.
  /// - Throws: ``StoreError`` with code `timedOut` if the key was not set in time.
  func get(_ key: String, timeout: Duration?) throws(StoreError) -> [UInt8]

  /// Adds `amount` to the counter `key`, atomically, and returns the sum.
  ///
  /// A missing key counts as 0. The counter is stored as decimal text, which `get` returns.
  ///
  /// - Throws: ``StoreError`` if the value is not a decimal integer, or the sum exceeds `Int64`. A
  ///   `TCPStore` reports that as `connectionLost`, because the server closes the connection after
  ///   an invalid request.
  func add(_ key: String, _ amount: Int64) throws(StoreError) -> Int64

  /// Sets `key` to `desired` if its value is `expected`, atomically.
  ///
  /// A missing key is set only if `expected` is empty.
  ///
  /// - Returns: The value afterwards. For a missing key and a non-empty `expected`, it is
  ///   `expected` although nothing was stored, as in PyTorch's stores.
  func compareSet(
    _ key: String, expected: [UInt8], desired: [UInt8]
  ) throws(StoreError) -> [UInt8]

  /// Removes `key`.
  ///
  /// - Returns: Whether it existed.
  func deleteKey(_ key: String) throws(StoreError) -> Bool

  /// Returns whether all of `keys` exist.
  func check(_ keys: [String]) throws(StoreError) -> Bool

  /// Blocks until all of `keys` exist.
  ///
  /// - Parameters:
  ///   - keys: The keys to wait for; with no keys the call returns at once.
  ///   - timeout: The time limit; zero checks without waiting, `nil` stands for the store's
  ///     default.
  /// - Throws: ``StoreError`` with code `timedOut`; the message names the missing keys. The store
  ///   remains usable.
  func wait(_ keys: [String], timeout: Duration?) throws(StoreError)

  /// Returns the number of keys in the whole store, including those of other users.
  func keyCount() throws(StoreError) -> Int64
}
