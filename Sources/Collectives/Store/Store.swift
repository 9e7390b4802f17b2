/// A map from keys to bytes that the processes of a job share.
///
/// Processes meet through it: one sets a key, others wait until it exists. It is the counterpart of
/// c10d's `Store`, with the same words and the same semantics.
///
/// Every method blocks the calling thread until it has its answer or its limit has passed, so do
/// not call one from a task whose thread others need. All methods may be called from any thread.
/// Keys are made once and stay until somebody deletes them; there is no order among keys.
public protocol Store: AnyObject, Sendable {
  /// The limit of a call that names none, 300 s unless the store was made with another.
  var timeout: Duration { get }

  /// Sets `key` to `value`, whether or not it exists, and wakes whoever waits for it.
  func set(_ key: String, _ value: [UInt8]) throws(StoreError)

  /// The value of `key`, once it exists.
  ///
  /// - Parameters:
  ///   - key: The key to wait for.
  ///   - timeout: The longest to wait; zero only looks, `nil` means the store's own limit.
  /// - Returns: The bytes that were set last.
  /// - Throws: ``StoreError`` with code `timedOut` if the key did not appear in time.
  func get(_ key: String, timeout: Duration?) throws(StoreError) -> [UInt8]

  /// Adds `amount` to the counter `key` in one step and returns the sum.
  ///
  /// A missing key counts as 0. The counter is kept as decimal text, so `get` can read it.
  ///
  /// - Throws: ``StoreError`` if the key holds something that is no decimal number, or the sum
  ///   leaves the range of `Int64`. A `TCPStore` reports that as `connectionLost`, because the
  ///   protocol's only answer to a bad request is to hang up.
  func add(_ key: String, _ amount: Int64) throws(StoreError) -> Int64

  /// Sets `key` to `desired` if it holds `expected` now, in one step.
  ///
  /// A missing key is set only where `expected` is empty.
  ///
  /// - Returns: What the key holds afterwards. For a missing key and an `expected` that is not
  ///   empty it is `expected` although nothing was stored, as in PyTorch's stores.
  func compareSet(
    _ key: String, expected: [UInt8], desired: [UInt8]
  ) throws(StoreError) -> [UInt8]

  /// Removes `key`.
  ///
  /// - Returns: Whether it existed.
  func deleteKey(_ key: String) throws(StoreError) -> Bool

  /// Whether all of `keys` exist now.
  func check(_ keys: [String]) throws(StoreError) -> Bool

  /// Blocks until all of `keys` exist.
  ///
  /// - Parameters:
  ///   - keys: The keys to wait for; none at all is no wait.
  ///   - timeout: The longest to wait; zero only looks, `nil` means the store's own limit.
  /// - Throws: ``StoreError`` with code `timedOut`, whose message names the keys that are missing.
  ///   The store stays usable.
  func wait(_ keys: [String], timeout: Duration?) throws(StoreError)

  /// The number of keys in the whole store, others' included.
  func keyCount() throws(StoreError) -> Int64
}
