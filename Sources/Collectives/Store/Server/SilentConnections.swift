/// The connections of a server that have not sent anything valid yet, in their order of arrival.
///
/// When a server has all the connections that it accepts, the oldest of these gives way to a new
/// one: port scanners and load balancers open connections and leave them silent, and must not keep
/// clients out.
package struct SilentConnections<ID: Hashable & Sendable>: Sendable {
  private var silent: Set<ID> = []
  /// The silent connections in the order of arrival, and others that have left since.
  private var order: [ID] = []
  private var first = 0

  package init() {}

  /// The number of silent connections.
  package var count: Int { silent.count }

  /// Adds a new connection.
  package mutating func add(_ connection: ID) {
    guard silent.insert(connection).inserted else { return }
    order.append(connection)
  }

  /// Removes a connection that is closed, or has sent something valid.
  package mutating func remove(_ connection: ID) {
    silent.remove(connection)
    if order.count - first > 64 + 2 * silent.count {
      order = order[first...].filter(silent.contains)
      first = 0
    }
  }

  /// Removes and returns the connection that has been silent for the longest time; `nil` if there
  /// is none.
  package mutating func removeOldest() -> ID? {
    while first < order.count {
      let connection = order[first]
      first += 1
      if silent.contains(connection) {
        remove(connection)
        return connection
      }
    }
    return nil
  }
}
