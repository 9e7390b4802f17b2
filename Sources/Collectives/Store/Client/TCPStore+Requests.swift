extension TCPStore {
  /// Sends a request without a reply.
  func send(_ request: StoreRequest) throws(StoreError) {
    try exchange { (connection) throws(StoreError) in
      try connection.send(request, before: answerDeadline)
    }
  }

  /// Sends a request whose reply is one number.
  func request<Number: FixedWidthInteger & Sendable>(
    _ request: StoreRequest, _: Number.Type = Number.self
  ) throws(StoreError) -> Number {
    try exchange { (connection) throws(StoreError) in
      let deadline = answerDeadline
      try connection.send(request, before: deadline)
      return try connection.readNumber(before: deadline)
    }
  }

  /// The key in the protocol.
  func wireKey(_ key: String) throws(StoreError) -> [UInt8] {
    let bytes = [StoreWire.keyPrefix] + Array(key.utf8)
    guard bytes.count <= StoreLimits.keyBytes else {
      throw StoreError(
        code: .invalidArgument,
        message: "the key \"\(key.prefix(40))…\" has \(bytes.count - 1) bytes: "
          + "a TCPStore allows up to \(StoreLimits.keyBytes - 1)")
    }
    return bytes
  }

  func wireKeys(_ keys: [String]) throws(StoreError) -> [[UInt8]] {
    guard keys.count <= StoreLimits.keysPerRequest else {
      throw StoreError(
        code: .invalidArgument,
        message: "\(keys.count) keys are too many for one call: "
          + "pass up to \(StoreLimits.keysPerRequest) at a time")
    }
    var result: [[UInt8]] = []
    for key in keys { result.append(try wireKey(key)) }
    return result
  }

  func wireValue(_ value: [UInt8], for key: String) throws(StoreError) -> [UInt8] {
    guard value.count <= StoreLimits.valueBytes else {
      throw StoreError(
        code: .invalidArgument,
        message: "the value for \"\(key)\" has \(value.count) bytes, but a TCPStore allows up to "
          + "\(StoreLimits.valueBytes): split it over several keys, or broadcast it instead")
    }
    return value
  }
}
