import NIOCore

/// One client's end of the server: bytes in, requests to the switchboard.
///
/// While a client does not read its replies, its next requests are neither carried out nor read from
/// the socket, so it cannot make the server hold more than one reply beyond the write buffer. One that
/// sends no request at all is cut off after a while.
final class StoreConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let switchboard: StoreSwitchboard
  private var parser = StoreRequestParser()
  private var client: StoreServerState.ClientID?
  private var patience: Scheduled<Void>?

  init(_ switchboard: StoreSwitchboard) {
    self.switchboard = switchboard
  }

  func channelActive(context: ChannelHandlerContext) {
    client = switchboard.connect(context.channel)
    guard let client else {
      context.close(promise: nil)
      return
    }
    let seconds = switchboard.limits.patience
    patience = context.eventLoop.scheduleTask(in: .seconds(Int64(seconds))) { [switchboard] in
      switchboard.drop(client, StoreViolation("no request within \(seconds) s"))
    }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    leave()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard client != nil else { return }
    parser.append(unwrapInboundIn(data).readableBytesView)
    carryOut(context.channel)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { carryOut(context.channel) }
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    leave()
    context.close(promise: nil)
  }

  private var isCarryingOut = false

  private func carryOut(_ channel: any Channel) {
    // A reply may be written at once and call back from inside the loop below, which then goes on.
    guard !isCarryingOut else { return }
    isCarryingOut = true
    defer { isCarryingOut = false }
    do throws(StoreViolation) {
      while let client, channel.isWritable, let request = try parser.next() {
        patience?.cancel()
        patience = nil
        try switchboard.receive(request, from: client)
      }
      if let client { switchboard.note(heldBytes: parser.heldBytes, of: client) }
    } catch {
      if let client { switchboard.drop(client, error) }
      client = nil
      return
    }
    setReading(channel.isWritable, on: channel)
  }

  private var isReading = true

  private func setReading(_ reads: Bool, on channel: any Channel) {
    guard reads != isReading, client != nil else { return }
    isReading = reads
    channel.setOption(.autoRead, value: reads).whenComplete { _ in }
  }

  private func leave() {
    patience?.cancel()
    if let client { switchboard.disconnect(client) }
    client = nil
  }
}
