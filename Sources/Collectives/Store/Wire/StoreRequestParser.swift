/// Parses a client's bytes into requests, in pieces of any size.
///
/// It retains the parts of an incomplete request, so no byte is parsed twice, and a client that
/// sends one byte at a time costs no more than another. It buffers at most one incomplete request
/// of up to `StoreLimits.messageBytes`, and rejects an excessive length before it allocates memory.
package struct StoreRequestParser {
  private var buffer: [UInt8] = []
  private var position = 0
  private var partial: PartialRequest?
  private var blockLength: Int?

  package init() {}

  /// The number of buffered bytes of an incomplete request.
  package var heldBytes: Int { buffer.count - position + (partial?.byteCount ?? 0) }

  /// Appends bytes from the client.
  package mutating func append(_ bytes: some Sequence<UInt8>) {
    if position > 0, position >= buffer.count / 2 {
      buffer.removeFirst(position)
      position = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// Returns the next complete request; `nil` until more bytes arrive.
  ///
  /// - Throws: ``StoreViolation``; the bytes that follow cannot be parsed.
  package mutating func next() throws(StoreViolation) -> StoreRequest? {
    if partial == nil {
      guard let byte = takeNumber(UInt8.self) else { return nil }
      guard let operation = StoreOperation(rawValue: byte) else {
        throw StoreViolation("operation \(byte) is unknown")
      }
      partial = PartialRequest(operation)
    }
    while let part = partial?.nextPart {
      guard try take(part) else { return nil }
    }
    defer { partial = nil }
    return partial?.request
  }

  /// Moves one part from the buffer into the request; returns false if it is incomplete.
  private mutating func take(_ part: PartialRequest.Part) throws(StoreViolation) -> Bool {
    switch part {
    case .number32:
      guard let number = takeNumber(UInt32.self) else { return false }
      partial?.add(number: UInt64(number))
    case .number64:
      guard let number = takeNumber(UInt64.self) else { return false }
      partial?.add(number: number)
    case .count:
      guard let count = takeNumber(UInt64.self) else { return false }
      try check(count, atMost: StoreLimits.keysPerRequest, "keys in one request")
      partial?.add(count: Int(count))
    case .key:
      guard let key = try takeBlock(atMost: StoreLimits.keyBytes, "bytes in a key") else {
        return false
      }
      partial?.add(key: key)
    case .value:
      guard let value = try takeBlock(atMost: StoreLimits.valueBytes, "bytes in a value") else {
        return false
      }
      partial?.add(value: value)
    }
    return true
  }

  private mutating func takeBlock(
    atMost limit: Int, _ what: String
  ) throws(StoreViolation) -> [UInt8]? {
    if blockLength == nil {
      guard let length = takeNumber(UInt64.self) else { return nil }
      try check(length, atMost: limit, what)
      let total = UInt64(partial?.byteCount ?? 0) + length
      try check(total, atMost: StoreLimits.messageBytes, "bytes in one request")
      blockLength = Int(length)
    }
    guard let length = blockLength, buffer.count - position >= length else { return nil }
    defer {
      position += length
      blockLength = nil
    }
    return Array(buffer[position..<position + length])
  }

  private mutating func takeNumber<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
    let width = MemoryLayout<Number>.size
    guard buffer.count - position >= width else { return nil }
    let number = buffer.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: position, as: Number.self)
    }
    position += width
    return Number(littleEndian: number)
  }

  private func check(
    _ number: UInt64, atMost limit: Int, _ what: String
  ) throws(StoreViolation) {
    guard number <= UInt64(limit) else {
      throw StoreViolation("\(number) \(what); at most \(limit) are allowed")
    }
  }
}
