extension TCPStore {
  /// Sets `key` to `value`; returns once the request is sent, like PyTorch's store.
  ///
  /// The protocol has no reply to it. Calls on this object see the new value. Other connections see
  /// it once the server has processed the request; ``ping()`` on this object waits for that.
  public func set(_ key: String, _ value: [UInt8]) throws(StoreError) {
    try send(.set(key: try wireKey(key), value: try wireValue(value, for: key)))
  }

  /// Returns the value of `key`, once it exists.
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
    try request(.add(key: try wireKey(key), amount: amount))
  }

  /// Sets `key` to `desired` if its value is `expected`; returns its value afterwards.
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
    try request(.deleteKey(key: try wireKey(key)), Int64.self) == 1
  }

  /// Returns whether all of `keys` exist.
  public func check(_ keys: [String]) throws(StoreError) -> Bool {
    guard !keys.isEmpty else { return true }
    return try request(.check(keys: try wireKeys(keys)), UInt8.self) == StoreWire.ready
  }

  /// Blocks until all of `keys` exist.
  public func wait(_ keys: [String], timeout: Duration?) throws(StoreError) {
    guard !keys.isEmpty else { return }
    let wireKeys = try wireKeys(keys)
    try exchange { (connection) throws(StoreError) in
      try wait(for: wireKeys, timeout, on: &connection)
    }
  }

  /// Returns the number of keys in the server.
  ///
  /// If a client passed a world size, that includes the key with which PyTorch's protocol counts
  /// clients.
  public func keyCount() throws(StoreError) -> Int64 {
    try request(.keyCount)
  }
}
