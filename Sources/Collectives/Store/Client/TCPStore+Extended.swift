extension TCPStore {
  /// Appends to the value of `key`, atomically.
  public func append(_ key: String, _ value: [UInt8]) throws(StoreError) {
    try send(.append(key: try wireKey(key), value: try wireValue(value, for: key)))
  }

  /// Returns the values of `keys`, in the same order, once all exist.
  public func multiGet(_ keys: [String], timeout: Duration?) throws(StoreError) -> [[UInt8]] {
    guard !keys.isEmpty else { return [] }
    let wireKeys = try wireKeys(keys)
    return try exchange { (connection) throws(StoreError) in
      try wait(for: wireKeys, timeout, on: &connection)
      let deadline = answerDeadline
      try connection.send(.multiGet(keys: wireKeys), before: deadline)
      var values: [[UInt8]] = []
      for _ in wireKeys { values.append(try connection.readBlock(before: deadline)) }
      return values
    }
  }

  /// Sets each key to its value; returns once the request is sent.
  public func multiSet(_ pairs: [(key: String, value: [UInt8])]) throws(StoreError) {
    let keys = try wireKeys(pairs.map(\.key))
    for (key, value) in pairs { _ = try wireValue(value, for: key) }
    let total = pairs.reduce(0) { $0 + $1.key.utf8.count + $1.value.count + 64 }
    guard total <= StoreLimits.messageBytes else {
      throw StoreError(
        code: .invalidArgument,
        message: "\(total) bytes are too many for one multiSet: "
          + "pass fewer than \(StoreLimits.messageBytes) at a time")
    }
    try send(.multiSet(keys: keys, values: pairs.map(\.value)))
  }

  /// Returns all keys that clients have set, unordered.
  ///
  /// Bytes that are not UTF-8 are returned as U+FFFD. Servers before PyTorch 2.13 may lack this
  /// request.
  public func listKeys() throws(StoreError) -> [String] {
    try exchange { (connection) throws(StoreError) in
      let deadline = answerDeadline
      try connection.send(.listKeys, before: deadline)
      let count = try connection.readNumber(Int64.self, before: deadline)
      var keys: [String] = []
      for _ in 0..<max(count, 0) {
        let key = try connection.readBlock(before: deadline)
        if key.first == StoreWire.keyPrefix { keys.append(userKey(key)) }
      }
      return keys
    }
  }

  /// Sends a value to the server and back, to check the connection.
  public func ping() throws(StoreError) {
    let nonce = UInt32.random(in: .min ... .max)
    try exchange { (connection) throws(StoreError) in
      let deadline = answerDeadline
      try connection.send(.ping(nonce: nonce), before: deadline)
      guard try connection.readNumber(UInt32.self, before: deadline) == nonce else {
        throw connection.violated("replied to a ping with another value")
      }
    }
  }
}
