import NIOCore

/// One node's end of the server: bytes in, messages to the hall.
///
/// A connection that sends anything but a node's messages, or does not introduce itself in time, is
/// closed; until then it can hold no more than one small message.
final class RendezvousConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  /// How long a connection may take to introduce itself.
  private static let helloLimit = TimeAmount.seconds(10)

  private let hall: RendezvousHall
  private var reader = FrameReader()
  private var session: Coordinator.Session?
  private var hasIntroducedItself = false
  private var patience: Scheduled<Void>?

  init(_ hall: RendezvousHall) { self.hall = hall }

  func channelActive(context: ChannelHandlerContext) {
    let channel = context.channel
    session = hall.connect(channel)
    context.writeAndFlush(
      NIOAny(channel.allocator.buffer(bytes: Frame.magic)), promise: nil)
    patience = context.eventLoop.scheduleTask(in: Self.helloLimit) { channel.close(promise: nil) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    reader.append(unwrapInboundIn(data).readableBytesView)
    do throws(FrameViolation) {
      while let session,
        let message = try reader.next(
          NodeMessage.self, limit: hasIntroducedItself ? Frame.limit : Frame.helloLimit)
      {
        if case .claim(let place, let seniority) = message, !hasIntroducedItself {
          hall.hear(claim: seniority, by: place, session)
          continue
        }
        guard hasIntroducedItself == !message.isHello else {
          throw FrameViolation(reason: "does not introduce itself first, or does so twice")
        }
        if !hasIntroducedItself { patience?.cancel() }
        hasIntroducedItself = true
        hall.receive(message, from: session)
      }
    } catch {
      if let version = error.version,
        let refusal = Refusal.version(version, of: "\(context.remoteAddress?.ipAddress ?? "?")")
      {
        let bytes = context.channel.allocator.buffer(
          bytes: Frame.encode(HostMessage.refused(refusal)))
        context.writeAndFlush(NIOAny(bytes), promise: nil)
      }
      context.close(promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) { leave() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func leave() {
    patience?.cancel()
    if let session { hall.disconnect(session) }
    session = nil
  }
}

extension NodeMessage {
  fileprivate var isHello: Bool {
    if case .hello = self { true } else { false }
  }
}
