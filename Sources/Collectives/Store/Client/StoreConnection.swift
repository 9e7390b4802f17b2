import Support

/// A client's connection, for one request and its reply at a time.
///
/// After a failed request, the next bytes may be the rest of its reply. Therefore every later call
/// throws the same failure.
struct StoreConnection: Sendable {
  /// The server, such as `node0:29500`.
  let endpoint: String

  private let socket: ClientSocket
  private var received: [UInt8] = []
  private var position = 0
  private var failure: StoreError?

  /// The numeric local address.
  var localAddress: String { socket.localAddress }

  init(_ socket: ClientSocket, endpoint: String) {
    self.socket = socket
    self.endpoint = endpoint
  }

  mutating func send(_ request: StoreRequest, before deadline: Deadline) throws(StoreError) {
    try send(request.encoded, before: deadline)
  }

  mutating func send(_ bytes: [UInt8], before deadline: Deadline) throws(StoreError) {
    if let failure { throw failure }
    do throws(ClientSocket.Failure) {
      try socket.send(bytes, before: deadline)
    } catch {
      throw broken(by: error)
    }
  }

  mutating func readNumber<Number: FixedWidthInteger>(
    _: Number.Type = Number.self, before deadline: Deadline
  ) throws(StoreError) -> Number {
    do throws(ClientSocket.Failure) {
      return try takeNumber(before: deadline)
    } catch {
      throw broken(by: error)
    }
  }

  /// Reads one byte; returns `nil` if none arrived in time, and leaves the connection usable.
  mutating func readByte(before deadline: Deadline) throws(StoreError) -> UInt8? {
    if let failure { throw failure }
    do throws(ClientSocket.Failure) {
      return try takeNumber(before: deadline)
    } catch .timedOut {
      return nil
    } catch {
      throw broken(by: error)
    }
  }

  /// Reads a length and as many bytes.
  mutating func readBlock(before deadline: Deadline) throws(StoreError) -> [UInt8] {
    let length = try readNumber(UInt64.self, before: deadline)
    guard length <= UInt64(StoreLimits.messageBytes) else {
      throw violated("announced a value of \(length) bytes")
    }
    do throws(ClientSocket.Failure) {
      try fill(Int(length), before: deadline)
    } catch {
      throw broken(by: error)
    }
    defer { position += Int(length) }
    return Array(received[position..<position + Int(length)])
  }

  /// Marks the connection as failed because the server violated the protocol.
  mutating func violated(_ what: String) -> StoreError {
    let error = StoreError(
      code: .protocolViolation,
      message: "the process at \(endpoint) \(what), so it is not a compatible TCPStore: "
        + "check MASTER_ADDR and MASTER_PORT, and that both sides use the protocol of PyTorch 2.13")
    failure = error
    return error
  }

  private mutating func broken(by cause: ClientSocket.Failure) -> StoreError {
    if let failure { return failure }
    let error =
      cause == .timedOut
      ? StoreError(
        code: .timedOut,
        message:
          "the TCPStore at \(endpoint) did not reply in time: check whether its process is stopped "
          + "or its machine overloaded, then create a new TCPStore", cause: cause)
      : StoreError(
        code: .connectionLost,
        message:
          "lost the TCPStore at \(endpoint) (\(cause.reason)): its process exited, or it rejected "
          + "the previous request; check its log, then create a new TCPStore", cause: cause)
    failure = error
    return error
  }

  private mutating func takeNumber<Number: FixedWidthInteger>(
    before deadline: Deadline
  ) throws(ClientSocket.Failure) -> Number {
    try fill(MemoryLayout<Number>.size, before: deadline)
    let number = received.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: position, as: Number.self)
    }
    position += MemoryLayout<Number>.size
    return Number(littleEndian: number)
  }

  /// Receives until `count` bytes are buffered.
  private mutating func fill(
    _ count: Int, before deadline: Deadline
  ) throws(ClientSocket.Failure) {
    if position == received.count {
      received.removeAll(keepingCapacity: received.count <= 65536)
      position = 0
    }
    while received.count - position < count {
      let missing = count - (received.count - position)
      try socket.receive(
        upTo: min(max(missing, 1024), 1 << 16), into: &received, before: deadline)
    }
  }
}
