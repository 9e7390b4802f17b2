/// The state of a TCPStore server: keys, queues, and waiting clients.
///
/// It processes one request at a time and returns the replies for each client; it does no I/O.
/// Semantics are those of PyTorch 2.13's libuv server, with three of its errors corrected: an item
/// of a queue wakes the next client if the one it woke disconnects, a wait for several keys that
/// include a queue ends when all exist, and `set` does not release a barrier.
package struct StoreServerState {
  package typealias Key = [UInt8]
  package typealias ClientID = Int

  /// A reply and its recipient.
  package struct Delivery: Equatable {
    package let client: ClientID
    package let reply: StoreReply

    package init(client: ClientID, reply: StoreReply) {
      self.client = client
      self.reply = reply
    }
  }

  private var values: [Key: [UInt8]] = [:]
  private var queues: [Key: StoreQueue] = [:]
  private var waiting = StoreWaitingList()

  package init() {}

  /// Processes a request.
  ///
  /// - Returns: The replies, in the order in which they are to be sent.
  /// - Throws: ``StoreViolation``; the state is unchanged, and the client's connection is to be
  ///   closed.
  package mutating func handle(
    _ request: StoreRequest, from client: ClientID
  ) throws(StoreViolation) -> [Delivery] {
    let (reply, woken) = try process(request, from: client)
    let own = reply.map { [Delivery(client: client, reply: $0)] } ?? []
    return own + stopWaiting(woken)
  }

  /// Removes a client whose connection has closed.
  package mutating func disconnect(_ client: ClientID) -> [Delivery] {
    stopWaiting(forget(client))
  }
}

extension StoreServerState {
  /// Processes a request; returns the reply to the client, and the clients whose wait ends.
  private mutating func process(
    _ request: StoreRequest, from client: ClientID
  ) throws(StoreViolation) -> (reply: StoreReply?, woken: [ClientID]) {
    switch request {
    case .validate(let magic):
      guard magic == StoreWire.magic else { throw StoreViolation("wrong magic number \(magic)") }
      return (nil, [])
    case .ping(let nonce):
      return (.nonce(nonce), [])
    case .set(let key, let value):
      return (nil, store(value, at: key))
    case .append(let key, let value):
      return (nil, try append(value, at: key))
    case .multiSet(let keys, let values):
      return (nil, zip(keys, values).flatMap { store($1, at: $0) })
    case .compareSet(let key, let expected, let desired):
      let (answer, stores) = StoreValue.compareSet(
        current: values[key], expected: expected, desired: desired)
      return (.value(answer), stores ? store(desired, at: key) : [])
    case .add(let key, let amount):
      let sum = try sum(at: key, and: amount)
      return (.number(sum), store(StoreValue.text(of: sum), at: key))
    case .wait(let keys):
      return (wait(for: keys, client), [])
    case .cancelWait:
      return (.byte(StoreWire.waitCanceled), forget(client))
    case .queuePush(let key, let value):
      queues[key, default: StoreQueue()].push(value)
      return (nil, waiting.wakeOne(forQueue: key))
    case .queuePop(let key):
      return (pop(from: key, for: client), [])
    case .barrier(let key, let worldSize):
      return try enterBarrier(key, worldSize, client)
    case .get, .check, .multiGet, .keyCount, .queueLength, .listKeys, .deleteKey:
      return (try read(request), [])
    }
  }

  private func stopWaiting(_ clients: [ClientID]) -> [Delivery] {
    clients.map { Delivery(client: $0, reply: .byte(StoreWire.stopWaiting)) }
  }

  private func exists(_ key: Key) -> Bool {
    values[key] != nil || queues[key] != nil
  }

  private mutating func store(_ value: [UInt8], at key: Key) -> [ClientID] {
    values[key] = value
    return waiting.wakeAll(for: key)
  }

  private mutating func append(
    _ value: [UInt8], at key: Key
  ) throws(StoreViolation) -> [ClientID] {
    guard (values[key]?.count ?? 0) + value.count <= StoreLimits.messageBytes else {
      throw StoreViolation("the appended value would exceed \(StoreLimits.messageBytes) bytes")
    }
    values[key, default: []] += value
    return waiting.wakeAll(for: key)
  }

  private func sum(at key: Key, and amount: Int64) throws(StoreViolation) -> Int64 {
    guard let sum = StoreValue.sum(of: values[key], and: amount) else {
      throw StoreViolation(
        "cannot add \(amount): the value is not an integer, or the sum overflows")
    }
    return sum
  }

  private mutating func wait(for keys: [Key], _ client: ClientID) -> StoreReply? {
    let missing = Set(keys.filter { !exists($0) })
    guard !missing.isEmpty else { return .byte(StoreWire.stopWaiting) }
    waiting.add(client, awaiting: missing)
    return nil
  }

  private mutating func pop(from key: Key, for client: ClientID) -> StoreReply {
    waiting.hasPopped(client)
    let count = Int64(queues[key]?.count ?? 0)
    let item = queues[key]?.pop()
    if count <= 1 { queues[key] = nil }
    return .popped(count: count, item: item)
  }

  /// Counts the client.
  ///
  /// The count is not reset, so a key is used for one barrier, as in PyTorch.
  private mutating func enterBarrier(
    _ key: Key, _ worldSize: Int64, _ client: ClientID
  ) throws(StoreViolation) -> (StoreReply?, [ClientID]) {
    let count = try sum(at: key, and: 1)
    let woken = store(StoreValue.text(of: count), at: key)
    guard count >= worldSize else {
      waiting.add(client, atBarrier: key, of: worldSize)
      return (nil, woken)
    }
    return (.byte(StoreWire.stopWaiting), woken + waiting.release(barrier: key, count: count))
  }

  /// Removes the client's wait; if it was woken for an item, the next client is woken.
  private mutating func forget(_ client: ClientID) -> [ClientID] {
    guard let key = waiting.remove(client), queues[key] != nil else { return [] }
    return waiting.wakeOne(forQueue: key)
  }

  /// Processes requests that wake no client.
  private mutating func read(_ request: StoreRequest) throws(StoreViolation) -> StoreReply? {
    let reply: StoreReply? =
      switch request {
      case .get(let key): .value(values[key] ?? [])
      case .check(let keys): .byte(keys.allSatisfy(exists) ? StoreWire.ready : 1)
      case .multiGet(let keys): .values(keys.map { values[$0] ?? [] })
      case .keyCount: .number(Int64(values.count))
      case .queueLength(let key): .number(Int64(queues[key]?.count ?? 0))
      case .listKeys: .keys(Array(values.keys))
      case .deleteKey(let key): .number(values.removeValue(forKey: key) == nil ? 0 : 1)
      default: nil
      }
    guard (reply?.encodedCount ?? 0) <= StoreLimits.messageBytes + 8 else {
      throw StoreViolation("the reply would exceed \(StoreLimits.messageBytes) bytes")
    }
    return reply
  }
}
