import Support

/// A client's connection: one request, then its reply.
///
/// After a failure in the middle of a request it is unknown which reply would come next, so every
/// later call throws the same failure.
struct StoreConnection: Sendable {
  /// The server, as in `node0:29500`.
  let endpoint: String

  private let socket: ClientSocket
  private var received: [UInt8] = []
  private var position = 0
  private var failure: StoreError?

  /// The address of this end, as digits.
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

  /// One byte, or `nil` if none came in time, after which the connection is as good as before.
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

  /// A length and as many bytes.
  mutating func readBlock(before deadline: Deadline) throws(StoreError) -> [UInt8] {
    let length = try readNumber(UInt64.self, before: deadline)
    guard length <= UInt64(StoreLimits.messageBytes) else {
      throw violated("announces a value of \(length) bytes")
    }
    do throws(ClientSocket.Failure) {
      try fill(Int(length), before: deadline)
    } catch {
      throw broken(by: error)
    }
    defer { position += Int(length) }
    return Array(received[position..<position + Int(length)])
  }

  /// Ends the connection because the server does not speak the protocol.
  mutating func violated(_ what: String) -> StoreError {
    let error = StoreError(
      code: .protocolViolation,
      message: "what listens at \(endpoint) \(what), which no TCPStore does: "
        + "check MASTER_ADDR and MASTER_PORT, and that both sides speak PyTorch 2.13's protocol")
    failure = error
    return error
  }

  private mutating func broken(by cause: ClientSocket.Failure) -> StoreError {
    if let failure { return failure }
    let error =
      cause == .timedOut
      ? StoreError(
        code: .timedOut,
        message: "the TCPStore at \(endpoint) did not answer in time: see whether its process is "
          + "stopped or its machine overloaded, then make a new TCPStore", cause: cause)
      : StoreError(
        code: .connectionLost,
        message: "lost the TCPStore at \(endpoint) (\(cause.reason)): its process ended, or it "
          + "refused the request before; see its log, then make a new TCPStore", cause: cause)
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

  /// Receives until `count` bytes lie ready.
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
