import Support

extension TCPStore {
  /// Puts `value` at the end of the queue `key` and wakes the one who has waited longest.
  ///
  /// Queues and keys are apart: `get` does not see a queue, though `check` and `wait` do.
  public func queuePush(_ key: String, _ value: [UInt8]) throws(StoreError) {
    try tell(.queuePush(key: try wireKey(key), value: try wireValue(value, for: key)))
  }

  /// Takes the first item of the queue `key`, once there is one.
  ///
  /// - Parameters:
  ///   - key: The queue.
  ///   - timeout: The longest to wait; zero only looks, `nil` means the store's own limit.
  /// - Returns: The item, which nobody else gets.
  /// - Throws: ``StoreError`` with code `timedOut` if the queue stayed empty.
  public func queuePop(_ key: String, timeout: Duration? = nil) throws(StoreError) -> [UInt8] {
    let wireKey = try wireKey(key)
    let limit = timeout ?? self.timeout
    let end = Deadline(after: limit)
    return try exchange { (connection) throws(StoreError) in
      while true {
        try wait(for: [wireKey], end.remaining, on: &connection)
        let deadline = answerDeadline
        try connection.send(.queuePop(key: wireKey), before: deadline)
        if try connection.readNumber(Int64.self, before: deadline) > 0 {
          return try connection.readBlock(before: deadline)
        }
        // Another client was quicker, or a plain key of this name exists.
        if end.hasPassed {
          throw .timedOut(
            missing: [key], of: 1, after: limit, at: "a queue at \(connection.endpoint)")
        }
      }
    }
  }

  /// The number of items in the queue `key`; 0 if there is none of this name.
  public func queueLength(_ key: String) throws(StoreError) -> Int64 {
    try ask(.queueLength(key: try wireKey(key)))
  }

  /// Blocks until `worldSize` clients have come to the barrier `key`, in one round trip each.
  ///
  /// A key serves one barrier: whoever comes later goes straight through. Servers before
  /// PyTorch 2.13 may lack it.
  ///
  /// - Parameters:
  ///   - key: The barrier's name, used for nothing else.
  ///   - worldSize: How many clients have to come, this one included.
  ///   - timeout: The longest to wait; `nil` means the store's own limit.
  /// - Throws: ``StoreError`` with code `timedOut` and how many came. This client stays counted.
  public func barrier(
    _ key: String, worldSize: Int, timeout: Duration? = nil
  ) throws(StoreError) {
    let wireKey = try wireKey(key)
    let limit = timeout ?? self.timeout
    try exchange { (connection) throws(StoreError) in
      try connection.send(
        .barrier(key: wireKey, worldSize: Int64(worldSize)), before: answerDeadline)
      if try awaitRelease(before: Deadline(after: limit), on: &connection) { return }
      let deadline = answerDeadline
      try connection.send(.get(key: wireKey), before: deadline)
      let came = String(decoding: try connection.readBlock(before: deadline), as: UTF8.self)
      throw StoreError(
        code: .timedOut,
        message: "\(came) of \(worldSize) came to the barrier \"\(key)\" within \(limit): "
          + "see whether the others are alive, or wait longer")
    }
  }
}
