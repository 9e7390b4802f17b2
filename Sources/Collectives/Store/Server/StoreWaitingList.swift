/// The keys, queues and barriers that clients wait for.
///
/// A client waits for one thing at a time: a second wait replaces the first.
struct StoreWaitingList {
  typealias Key = [UInt8]
  typealias ClientID = Int

  private enum Wait {
    case keys(missing: Set<Key>)
    case barrier(Key, worldSize: Int64)
    /// Notified that the queue has an item, which it has not yet taken.
    case item(inQueue: Key)
  }

  private var waits: [ClientID: Wait] = [:]
  /// In the order of arrival, so that queues are fair.
  private var clients: [Key: [ClientID]] = [:]
  private var barriers: [Key: [ClientID]] = [:]

  mutating func add(_ client: ClientID, awaiting missing: Set<Key>) {
    remove(client)
    waits[client] = .keys(missing: missing)
    for key in missing { clients[key, default: []].append(client) }
  }

  mutating func add(_ client: ClientID, atBarrier key: Key, of worldSize: Int64) {
    remove(client)
    waits[client] = .barrier(key, worldSize: worldSize)
    barriers[key, default: []].append(client)
  }

  /// Removes the client's wait.
  ///
  /// - Returns: The queue with the item that it was notified of and did not take, if any.
  @discardableResult
  mutating func remove(_ client: ClientID) -> Key? {
    switch waits.removeValue(forKey: client) {
    case .keys(let missing):
      for key in missing { clients.drop(client, at: key) }
    case .barrier(let key, _):
      barriers.drop(client, at: key)
    case .item(let key):
      return key
    case nil:
      break
    }
    return nil
  }

  /// Records that the client requested the item that it was notified of.
  mutating func hasPopped(_ client: ClientID) {
    if case .item = waits[client] { waits[client] = nil }
  }

  /// Returns the clients whose wait ends now that `key` exists.
  mutating func wakeAll(for key: Key) -> [ClientID] {
    (clients.removeValue(forKey: key) ?? []).filter { arrived(key, for: $0) }
  }

  /// Returns the first client whose wait ends with a new item of the queue `key`, if there is one.
  mutating func wakeOne(forQueue key: Key) -> [ClientID] {
    var others: [ClientID] = []
    let queue = clients.removeValue(forKey: key) ?? []
    for (index, client) in queue.enumerated() where arrived(key, for: client) {
      waits[client] = .item(inQueue: key)
      others = Array(queue[(index + 1)...])
      if !others.isEmpty { clients[key] = others }
      return [client]
    }
    return []
  }

  /// Returns the clients whose wait ends now that `count` clients have reached the barrier.
  mutating func release(barrier key: Key, count: Int64) -> [ClientID] {
    let released = (barriers[key] ?? []).filter {
      if case .barrier(_, let worldSize) = waits[$0] { worldSize <= count } else { false }
    }
    for client in released { remove(client) }
    return released
  }

  /// Records that `key` exists; returns whether it was the last one that the client waits for.
  private mutating func arrived(_ key: Key, for client: ClientID) -> Bool {
    guard case .keys(var missing) = waits.removeValue(forKey: client) else { return false }
    missing.remove(key)
    if missing.isEmpty { return true }
    waits[client] = .keys(missing: missing)
    return false
  }
}

extension [[UInt8]: [Int]] {
  fileprivate mutating func drop(_ client: Int, at key: [UInt8]) {
    self[key]?.removeAll { $0 == client }
    if self[key]?.isEmpty == true { self[key] = nil }
  }
}
