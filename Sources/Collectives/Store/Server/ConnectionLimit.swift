package import NIOCore
internal import Synchronization

/// Limits the number of connections of a server.
///
/// A connection is silent until the server reports that it has introduced itself, with its first
/// valid request for example. Beyond the limit, the oldest silent connection is closed to make room
/// for a new one; if no connection is silent, the new one is closed.
package final class ConnectionLimit: Sendable {
  private struct State {
    var channels: [ObjectIdentifier: any Channel] = [:]
    var silent = SilentConnections<ObjectIdentifier>()
  }

  private let state = Mutex(State())
  private let limit: Int

  /// Creates a limit of at least one connection.
  package init(_ limit: Int) { self.limit = max(1, limit) }

  /// The number of open connections.
  package var count: Int { state.withLock { $0.channels.count } }

  /// Adds a new connection until it closes.
  ///
  /// - Returns: Whether the server can serve it; if not, the caller closes it.
  package func add(_ channel: any Channel) -> Bool {
    let id = ObjectIdentifier(channel)
    let (isAccepted, victim) = state.withLock { state -> (Bool, (any Channel)?) in
      var victim: (any Channel)?
      if state.channels.count >= limit {
        guard let oldest = state.silent.removeOldest() else { return (false, nil) }
        victim = state.channels.removeValue(forKey: oldest)
      }
      state.channels[id] = channel
      state.silent.add(id)
      return (true, victim)
    }
    victim?.close(promise: nil)
    if isAccepted {
      channel.closeFuture.whenComplete { [weak self] _ in self?.remove(id) }
    }
    return isAccepted
  }

  /// Records that a connection has introduced itself; it no longer gives way to new ones.
  package func introduce(_ channel: any Channel) {
    state.withLock { $0.silent.remove(ObjectIdentifier(channel)) }
  }

  private func remove(_ id: ObjectIdentifier) {
    state.withLock { state in
      state.channels[id] = nil
      state.silent.remove(id)
    }
  }
}
