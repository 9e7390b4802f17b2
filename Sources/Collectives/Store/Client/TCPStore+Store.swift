extension TCPStore {
  /// Sets `key` to `value`; returns when the request is sent, as PyTorch's does.
  ///
  /// The protocol has no reply to it. Calls on this object see the new value; another connection
  /// sees it once the server has it, for which ``ping()`` on this one waits.
  public func set(_ key: String, _ value: [UInt8]) throws(StoreError) {
    try tell(.set(key: try wireKey(key), value: try wireValue(value, for: key)))
  }

  /// The value of `key`, once it exists.
  public func get(_ key: String, timeout: Duration?) throws(StoreError) -> [UInt8] {
    let wireKey = try wireKey(key)
    return try exchange { (connection) throws(StoreError) in
      try wait(for: [wireKey], timeout, on: &connection)
      let deadline = answerDeadline
      try connection.send(.get(key: wireKey), before: deadline)
      return try connection.readBlock(before: deadline)
    }
  }

  /// Adds `amount` to the counter `key` and returns the sum.
  public func add(_ key: String, _ amount: Int64) throws(StoreError) -> Int64 {
    try ask(.add(key: try wireKey(key), amount: amount))
  }

  /// Sets `key` to `desired` if it holds `expected`, and returns what it holds afterwards.
  public func compareSet(
    _ key: String, expected: [UInt8], desired: [UInt8]
  ) throws(StoreError) -> [UInt8] {
    let request = StoreRequest.compareSet(
      key: try wireKey(key), expected: try wireValue(expected, for: key),
      desired: try wireValue(desired, for: key))
    return try exchange { (connection) throws(StoreError) in
      let deadline = answerDeadline
      try connection.send(request, before: deadline)
      return try connection.readBlock(before: deadline)
    }
  }

  /// Removes `key`, and returns whether it existed.
  public func deleteKey(_ key: String) throws(StoreError) -> Bool {
    try ask(.deleteKey(key: try wireKey(key)), Int64.self) == 1
  }

  /// Whether all of `keys` exist now.
  public func check(_ keys: [String]) throws(StoreError) -> Bool {
    guard !keys.isEmpty else { return true }
    return try ask(.check(keys: try wireKeys(keys)), UInt8.self) == StoreWire.ready
  }

  /// Blocks until all of `keys` exist.
  public func wait(_ keys: [String], timeout: Duration?) throws(StoreError) {
    guard !keys.isEmpty else { return }
    let wireKeys = try wireKeys(keys)
    try exchange { (connection) throws(StoreError) in
      try wait(for: wireKeys, timeout, on: &connection)
    }
  }

  /// The number of keys in the server, among them one that PyTorch's protocol uses to count clients
  /// if any client gave a world size.
  public func keyCount() throws(StoreError) -> Int64 {
    try ask(.keyCount)
  }
}
