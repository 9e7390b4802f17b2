import Support

extension TCPStore {
  /// Appends `value` to the queue `key` and wakes the client that has waited longest.
  ///
  /// Queues are separate from keys: `get` does not return a queue, but `check` and `wait` consider
  /// it.
  public func queuePush(_ key: String, _ value: [UInt8]) throws(StoreError) {
    try send(.queuePush(key: try wireKey(key), value: try wireValue(value, for: key)))
  }

  /// Removes and returns the first item of the queue `key`, once there is one.
  ///
  /// - Parameters:
  ///   - key: The queue.
  ///   - timeout: The time limit; zero checks without waiting, `nil` stands for the store's
  ///     default.
  /// - Returns: The item, which no other client receives.
  /// - Throws: ``StoreError`` with code `timedOut` if the queue remained empty.
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
        // Another client took the item, or an ordinary key with this name exists.
        if end.hasPassed {
          throw .timedOut(
            missing: [key], of: 1, after: limit, in: "a queue at \(connection.endpoint)")
        }
      }
    }
  }

  /// Returns the number of items in the queue `key`; 0 if it does not exist.
  public func queueLength(_ key: String) throws(StoreError) -> Int64 {
    try request(.queueLength(key: try wireKey(key)))
  }

  /// Blocks until `worldSize` clients have reached the barrier `key`, with one round trip each.
  ///
  /// A key is used for one barrier: later clients do not wait. Servers before PyTorch 2.13 may lack
  /// this request.
  ///
  /// - Parameters:
  ///   - key: The barrier's name, used for nothing else.
  ///   - worldSize: The number of clients, including this one.
  ///   - timeout: The time limit; `nil` for the store's default.
  /// - Throws: ``StoreError`` with code `timedOut` and the number of clients that arrived. This
  ///   client remains counted.
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
      let arrived = String(decoding: try connection.readBlock(before: deadline), as: UTF8.self)
      throw StoreError(
        code: .timedOut,
        message:
          "\(arrived) of \(worldSize) clients reached the barrier \"\(key)\" within \(limit): "
          + "check whether the others are running, or raise the timeout")
    }
  }
}
