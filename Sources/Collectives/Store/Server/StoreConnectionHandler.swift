package import NIOCore

/// The server's side of one connection: parses requests and passes them to the router.
///
/// While a client does not read its replies, its next requests are neither processed nor read from
/// the socket, so the server buffers at most one reply beyond the write buffer. A connection
/// without a request is closed after ``StoreServerLimits/firstRequestTimeout``.
package final class StoreConnectionHandler: ChannelInboundHandler {
  package typealias InboundIn = ByteBuffer

  private let router: StoreRouter
  private var parser = StoreRequestParser()
  private var client: StoreServerState.ClientID?
  private var requestTimeout: Scheduled<Void>?

  package init(_ router: StoreRouter) {
    self.router = router
  }

  package func channelActive(context: ChannelHandlerContext) {
    client = router.connect(context.channel)
    guard let client else {
      context.close(promise: nil)
      return
    }
    let seconds = router.limits.firstRequestTimeout
    requestTimeout = context.eventLoop.scheduleTask(in: .seconds(Int64(seconds))) { [router] in
      router.drop(client, StoreViolation("no request within \(seconds) s"))
    }
    context.fireChannelActive()
  }

  package func channelInactive(context: ChannelHandlerContext) {
    leave()
    context.fireChannelInactive()
  }

  package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard client != nil else { return }
    parser.append(unwrapInboundIn(data).readableBytesView)
    processRequests(context.channel)
  }

  package func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { processRequests(context.channel) }
    context.fireChannelWritabilityChanged()
  }

  package func errorCaught(context: ChannelHandlerContext, error: any Error) {
    leave()
    context.close(promise: nil)
  }

  private var isProcessing = false

  private func processRequests(_ channel: any Channel) {
    // Writing a reply may call this method again from within the loop below, which then continues.
    guard !isProcessing else { return }
    isProcessing = true
    defer { isProcessing = false }
    do throws(StoreViolation) {
      while let client, channel.isWritable, let request = try parser.next() {
        requestTimeout?.cancel()
        requestTimeout = nil
        try router.receive(request, from: client)
      }
      if let client { router.update(heldBytes: parser.heldBytes, of: client) }
    } catch {
      if let client { router.drop(client, error) }
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
    requestTimeout?.cancel()
    if let client { router.disconnect(client) }
    client = nil
  }
}
