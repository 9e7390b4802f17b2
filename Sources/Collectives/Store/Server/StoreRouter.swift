package import NIOCore

/// Passes the clients' requests to the state, and the replies to the clients.
///
/// `@unchecked Sendable`: all channels of a server share one event loop, which alone calls these
/// methods.
package final class StoreRouter: @unchecked Sendable {
  private var state = StoreServerState()
  private var channels: [StoreServerState.ClientID: any Channel] = [:]
  private var silent = SilentConnections<StoreServerState.ClientID>()
  private var heldBytes: [StoreServerState.ClientID: Int] = [:]
  private var allHeldBytes = 0
  private var lastClient = 0
  private let loop: any EventLoop
  let limits: StoreServerLimits
  private let onDroppedConnection: (@Sendable (String) -> Void)?

  package init(
    loop: any EventLoop, limits: StoreServerLimits,
    onDroppedConnection: (@Sendable (String) -> Void)?
  ) {
    self.loop = loop
    self.limits = limits
    self.onDroppedConnection = onDroppedConnection
  }

  /// The number of connected clients.
  package var clientCount: Int { channels.count }

  /// Registers a new client and returns its number.
  ///
  /// Beyond the limit, the client that has been connected for the longest time without a request is
  /// dropped. If every client has sent one, the new client is refused: the result is `nil`.
  func connect(_ channel: any Channel) -> StoreServerState.ClientID? {
    loop.preconditionInEventLoop()
    if clientCount >= limits.connections {
      guard let oldest = silent.removeOldest() else {
        onDroppedConnection?("closed a new connection: the limit of \(clientCount) is reached")
        return nil
      }
      drop(
        oldest,
        StoreViolation(
          "no request yet, and the limit of \(limits.connections) connections is reached"))
    }
    lastClient += 1
    channels[lastClient] = channel
    silent.add(lastClient)
    return lastClient
  }

  func disconnect(_ client: StoreServerState.ClientID) {
    loop.preconditionInEventLoop()
    guard channels.removeValue(forKey: client) != nil else { return }
    silent.remove(client)
    allHeldBytes -= heldBytes.removeValue(forKey: client) ?? 0
    send(state.disconnect(client))
  }

  /// Updates the size of a client's incomplete request.
  ///
  /// If the requests of all clients together exceed the limit, drops the client with the largest.
  func update(heldBytes count: Int, of client: StoreServerState.ClientID) {
    loop.preconditionInEventLoop()
    let before =
      count == 0
      ? heldBytes.removeValue(forKey: client) : heldBytes.updateValue(count, forKey: client)
    allHeldBytes += count - (before ?? 0)
    if allHeldBytes > limits.unfinishedBytes,
      let largest = heldBytes.max(by: { $0.value < $1.value })
    {
      drop(
        largest.key,
        StoreViolation(
          "incomplete requests add up to \(allHeldBytes) bytes, and its own is the largest, with "
            + "\(largest.value)"))
    }
  }

  func receive(
    _ request: StoreRequest, from client: StoreServerState.ClientID
  ) throws(StoreViolation) {
    loop.preconditionInEventLoop()
    let deliveries = try state.handle(request, from: client)
    silent.remove(client)
    send(deliveries)
  }

  /// Closes the connection of a client that violated the protocol or a limit.
  func drop(_ client: StoreServerState.ClientID, _ violation: StoreViolation) {
    loop.preconditionInEventLoop()
    guard let channel = channels[client] else { return }
    let peer = channel.remoteAddress.map { "\($0)" } ?? "a client"
    disconnect(client)
    channel.close(promise: nil)
    onDroppedConnection?("dropped the connection of \(peer): \(violation.reason)")
  }

  private func send(_ deliveries: [StoreServerState.Delivery]) {
    for delivery in deliveries {
      guard let channel = channels[delivery.client] else { continue }
      let buffer = channel.allocator.buffer(bytes: delivery.reply.encoded)
      channel.writeAndFlush(buffer, promise: nil)
    }
  }
}
