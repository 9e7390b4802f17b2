import Glibc
import Support

extension TCPStore {
  /// The time limit for the server to confirm that a wait is cancelled.
  private static let cancelLimit = Duration.seconds(10)

  /// Blocks until all keys exist.
  ///
  /// After the timeout it cancels the wait, so that the connection remains usable, and throws an
  /// error that names the missing keys.
  func wait(
    for keys: [[UInt8]], _ timeout: Duration?, on connection: inout StoreConnection
  ) throws(StoreError) {
    let limit = timeout ?? self.timeout
    try connection.send(.wait(keys: keys), before: answerDeadline)
    if try awaitRelease(before: Deadline(after: limit), on: &connection) { return }
    let missing = try missing(among: keys, on: &connection)
    throw .timedOut(
      missing: missing.map(userKey), of: keys.count, after: limit,
      in: "the TCPStore at \(connection.endpoint)")
  }

  /// Waits for the reply to a `wait` or `barrier`, and cancels the wait at the deadline.
  ///
  /// - Returns: Whether the reply arrived, possibly while the wait was being cancelled.
  func awaitRelease(
    before deadline: Deadline, on connection: inout StoreConnection
  ) throws(StoreError) -> Bool {
    if let answer = try connection.readByte(before: deadline) {
      guard answer == StoreWire.stopWaiting else {
        throw connection.violated("replied \(answer) to a wait")
      }
      return true
    }
    let cancelDeadline = Deadline(after: Self.cancelLimit)
    try connection.send(.cancelWait, before: cancelDeadline)
    let answer = try connection.readNumber(UInt8.self, before: cancelDeadline)
    if answer == StoreWire.waitCanceled { return false }
    guard
      answer == StoreWire.stopWaiting,
      try connection.readNumber(UInt8.self, before: cancelDeadline) == StoreWire.waitCanceled
    else { throw connection.violated("replied \(answer) to a cancelled wait") }
    return true
  }

  /// Returns those of the first 1000 `keys` that do not exist, checked in one batch.
  ///
  /// If all of these exist, returns the keys that follow them or, if there are none, all keys.
  private func missing(
    among keys: [[UInt8]], on connection: inout StoreConnection
  ) throws(StoreError) -> [[UInt8]] {
    let asked = keys.prefix(1000)
    let deadline = Deadline(after: Self.cancelLimit)
    try connection.send(
      asked.flatMap { StoreRequest.check(keys: [$0]).encoded }, before: deadline)
    var missing: [[UInt8]] = []
    for key in asked
    where try connection.readNumber(UInt8.self, before: deadline) != StoreWire.ready {
      missing.append(key)
    }
    if !missing.isEmpty { return missing }
    return Array(keys.count > asked.count ? keys.dropFirst(asked.count) : asked)
  }

  /// The key without the protocol's prefix.
  func userKey(_ key: [UInt8]) -> String {
    String(decoding: key.dropFirst(), as: UTF8.self)
  }

  /// Counts this process; if `waits`, blocks until all processes are counted.
  func join(worldSize: Int, waits: Bool, before deadline: Deadline) throws(StoreError) {
    var joined = try request(.add(key: StoreWire.workerCounter, amount: 1), Int64.self)
    while waits && joined < Int64(worldSize) {
      guard !deadline.hasPassed else {
        throw StoreError(
          code: .timedOut,
          message:
            "\(joined) of \(worldSize) processes connected to the TCPStore at \(host):\(port) "
            + "within \(timeout): check whether the others are running and can reach it, or raise "
            + "the timeout"
        )
      }
      usleep(5000)
      joined = try request(.add(key: StoreWire.workerCounter, amount: 0))
    }
  }
}
