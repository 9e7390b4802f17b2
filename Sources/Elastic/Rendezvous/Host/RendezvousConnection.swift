import Collectives
import NIOCore

/// A connection to the rendezvous server: decodes a node's messages for the session registry.
///
/// A connection is closed if it sends anything except a node's messages, or does not introduce
/// itself in time. Before its introduction, it can send one small message only, and gives way to
/// new connections.
final class RendezvousConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  /// The time for a connection to introduce itself.
  private static let helloLimit = TimeAmount.seconds(10)

  private let sessions: SessionRegistry
  private let limit: ConnectionLimit
  private var reader = FrameReader()
  private var session: Coordinator.Session?
  private var hasIntroducedItself = false
  private var helloTimeout: Scheduled<Void>?

  init(_ sessions: SessionRegistry, _ limit: ConnectionLimit) {
    self.sessions = sessions
    self.limit = limit
  }

  func channelActive(context: ChannelHandlerContext) {
    let channel = context.channel
    session = sessions.connect(channel)
    context.writeAndFlush(
      NIOAny(channel.allocator.buffer(bytes: Frame.magic)), promise: nil)
    helloTimeout = context.eventLoop.scheduleTask(in: Self.helloLimit) {
      channel.close(promise: nil)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    reader.append(unwrapInboundIn(data).readableBytesView)
    do throws(FrameViolation) {
      while let session,
        let message = try reader.next(
          NodeMessage.self, limit: hasIntroducedItself ? Frame.limit : Frame.helloLimit)
      {
        if case .announcement(let host, let precedence) = message, !hasIntroducedItself {
          sessions.receiveAnnouncement(of: host, precedence, from: session)
          continue
        }
        guard hasIntroducedItself == !message.isHello else {
          throw FrameViolation(
            reason: "does not introduce itself in its first message, or introduces itself twice")
        }
        if !hasIntroducedItself {
          helloTimeout?.cancel()
          limit.introduce(context.channel)
        }
        hasIntroducedItself = true
        sessions.receive(message, from: session)
      }
    } catch {
      if error.isStoreClient {
        sessions.meetStoreClient(at: context.remoteAddress?.ipAddress ?? "an unknown address")
      }
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

  func channelInactive(context: ChannelHandlerContext) {
    helloTimeout?.cancel()
    if let session { sessions.disconnect(session) }
    session = nil
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

extension NodeMessage {
  fileprivate var isHello: Bool {
    if case .hello = self { true } else { false }
  }
}
