import Glibc
import Support

extension TCPStore {
  /// How long the server may take to confirm that a wait is over.
  private static let cancelLimit = Duration.seconds(10)

  /// Blocks until all keys exist; past the limit it takes the wait back, so the connection stays
  /// usable, and names the keys that are missing.
  func wait(
    for keys: [[UInt8]], _ timeout: Duration?, on connection: inout StoreConnection
  ) throws(StoreError) {
    let limit = timeout ?? self.timeout
    try connection.send(.wait(keys: keys), before: answerDeadline)
    if try awaitRelease(before: Deadline(after: limit), on: &connection) { return }
    let missing = try missing(among: keys, on: &connection)
    throw .timedOut(
      missing: missing.map(userKey), of: keys.count, after: limit,
      at: "the TCPStore at \(connection.endpoint)")
  }

  /// Waits for the answer to a `wait` or `barrier`, and takes it back past the deadline.
  ///
  /// - Returns: Whether the answer came, be it while the wait was being taken back.
  func awaitRelease(
    before deadline: Deadline, on connection: inout StoreConnection
  ) throws(StoreError) -> Bool {
    if let answer = try connection.readByte(before: deadline) {
      guard answer == StoreWire.stopWaiting else {
        throw connection.violated("answers \(answer) to a wait")
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
    else { throw connection.violated("answers \(answer) to the end of a wait") }
    return true
  }

  /// Those of the first thousand `keys` that do not exist, asked for in one go; the others, if these all do.
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

  /// Counts this process in, and where `waits` blocks until all have come.
  func join(worldSize: Int, waits: Bool, before deadline: Deadline) throws(StoreError) {
    var joined = try ask(.add(key: StoreWire.workerCounter, amount: 1), Int64.self)
    while waits && joined < Int64(worldSize) {
      guard !deadline.hasPassed else {
        throw StoreError(
          code: .timedOut,
          message: "\(joined) of \(worldSize) processes came to the TCPStore at \(host):\(port) "
            + "within \(timeout): see whether the others run and can reach it, or wait longer")
      }
      usleep(5000)
      joined = try ask(.add(key: StoreWire.workerCounter, amount: 0))
    }
  }
}
