import NIOCore

/// Takes the clients' requests to the state, and the replies to the clients.
final class StoreSwitchboard: @unchecked Sendable {
  // Sendable: all channels of a server share one event loop, and only it calls these methods.
  private var state = StoreServerState()
  private var channels: [StoreServerState.ClientID: any Channel] = [:]
  private var lastClient = 0
  private let loop: any EventLoop
  private let onDroppedConnection: (@Sendable (String) -> Void)?

  init(loop: any EventLoop, onDroppedConnection: (@Sendable (String) -> Void)?) {
    self.loop = loop
    self.onDroppedConnection = onDroppedConnection
  }

  /// Takes in a client that has come, and returns its number.
  func connect(_ channel: any Channel) -> StoreServerState.ClientID {
    loop.preconditionInEventLoop()
    lastClient += 1
    channels[lastClient] = channel
    return lastClient
  }

  func disconnect(_ client: StoreServerState.ClientID) {
    loop.preconditionInEventLoop()
    guard channels.removeValue(forKey: client) != nil else { return }
    send(state.disconnect(client))
  }

  func receive(
    _ request: StoreRequest, from client: StoreServerState.ClientID
  ) throws(StoreViolation) {
    loop.preconditionInEventLoop()
    send(try state.handle(request, from: client))
  }

  /// Ends the connection of a client that broke the rules.
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
