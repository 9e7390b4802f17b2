extension Store {
  /// Returns the value of `key`, once it exists; waits up to the store's default timeout.
  public func get(_ key: String) throws(StoreError) -> [UInt8] {
    try get(key, timeout: nil)
  }

  /// Blocks until all of `keys` exist, up to the store's default timeout.
  public func wait(_ keys: [String]) throws(StoreError) {
    try wait(keys, timeout: nil)
  }

  /// Sets `key` to the UTF-8 bytes of `value`.
  public func set(_ key: String, _ value: String) throws(StoreError) {
    try set(key, Array(value.utf8))
  }

  /// Returns the value of `key` as text, once it exists.
  ///
  /// - Parameters:
  ///   - key: The key to wait for.
  ///   - timeout: The time limit; `nil` for the store's default.
  /// - Returns: The value, decoded from UTF-8.
  /// - Throws: ``StoreError`` with code `invalidArgument` if the value is not UTF-8.
  public func getString(_ key: String, timeout: Duration? = nil) throws(StoreError) -> String {
    let bytes = try get(key, timeout: timeout)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw StoreError(
        code: .invalidArgument,
        message: "the value of \"\(key)\" is not UTF-8 text: read it as bytes with get")
    }
    return text
  }

  /// Sets `key` to the text `desired` if its value is the text `expected`, atomically.
  ///
  /// - Returns: The value afterwards, by the rules of ``Store/compareSet(_:expected:desired:)``.
  ///   Bytes that are not UTF-8 are returned as U+FFFD.
  public func compareSet(
    _ key: String, expected: String, desired: String
  ) throws(StoreError) -> String {
    let bytes: [UInt8] = try compareSet(
      key, expected: Array(expected.utf8), desired: Array(desired.utf8))
    return String(decoding: bytes, as: UTF8.self)
  }
}
