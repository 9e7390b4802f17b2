import Collectives
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix

/// Calls etcd's JSON gateway over HTTP.
///
/// Each call opens a connection and blocks the calling thread.
struct EtcdClient: Sendable {
  private static let connectLimit = TimeAmount.seconds(5)
  private static let responseLimit = 1 << 20

  private let endpoint: Endpoint
  private let port: Int

  init(_ endpoint: Endpoint) {
    self.endpoint = endpoint
    port = endpoint.port ?? RendezvousConfiguration.Backend.etcd.defaultPort
  }

  /// Calls a method.
  ///
  /// - Parameters:
  ///   - method: The path after `/v3/`.
  ///   - request: The message.
  ///   - limit: The time limit, which includes connecting.
  /// - Returns: The response.
  /// - Throws: ``ElasticError`` with code `rendezvousConnection` if etcd cannot be reached or is
  ///   not ready, `rendezvousState` if it refuses the call, or is not etcd.
  func call<Response: Decodable>(
    _ method: String, _ request: some Encodable, within limit: Duration
  ) throws(ElasticError) -> Response {
    let response = try exchange(method, request, within: limit)
    let body = Data(response.body.map { Array($0.readableBytesView) } ?? [])
    if response.head.status == .ok,
      let message = try? JSONDecoder().decode(Response.self, from: body)
    {
      return message
    }
    if let failure = try? JSONDecoder().decode(EtcdMessage.Failure.self, from: body),
      let message = failure.message
    {
      throw ElasticError(
        response.head.status.code < 500 ? .rendezvousState : .rendezvousConnection,
        "etcd at \(endpoint) refuses the call: \(message)")
    }
    throw ElasticError(
      .rendezvousState,
      "the server at \(endpoint) does not answer as etcd 3.4 or newer (\(response.head.status)): "
        + "give etcd's client port, usually 2379, in --rdzv-endpoint")
  }

  private func exchange(
    _ method: String, _ request: some Encodable, within limit: Duration
  ) throws(ElasticError) -> NIOHTTPClientResponseFull {
    do {
      let body = try JSONEncoder().encode(request)
      let loop = NIOSingletons.posixEventLoopGroup.next()
      let promise = loop.makePromise(of: NIOHTTPClientResponseFull.self)
      let head = HTTPRequestHead(
        version: .http1_1, method: .POST, uri: "/v3/\(method)",
        headers: [
          "Host": "\(endpoint)", "Content-Type": "application/json",
          "Content-Length": "\(body.count)", "Connection": "close",
        ])
      let timeout = loop.scheduleTask(in: TimeAmount(limit)) {
        promise.fail(ElasticError(.rendezvousConnection, "no answer in \(limit.seconds) s"))
      }
      ClientBootstrap(group: loop)
        .connectTimeout(min(Self.connectLimit, TimeAmount(limit)))
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.closeOnExec()
            let handlers = channel.pipeline.syncOperations
            try handlers.addHTTPClientHandlers()
            try handlers.addHandler(
              NIOHTTPClientResponseAggregator(maxContentLength: Self.responseLimit))
            try handlers.addHandler(EtcdExchange(head, Array(body), promise))
          }
        }
        .connect(host: endpoint.host, port: port)
        .whenComplete { result in
          switch result {
          case .failure(let error): promise.fail(error)
          case .success(let channel):
            promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
          }
        }
      defer { timeout.cancel() }
      return try promise.futureResult.wait()
    } catch let error as ElasticError {
      throw error
    } catch {
      throw ElasticError(.rendezvousConnection, Self.reason(error))
    }
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      if let error = error.connectionErrors.first?.error { return reason(error) }
      return (error.dnsAAAAError ?? error.dnsAError).map { "cannot resolve the name: \($0)" }
        ?? "the name has no address"
    case let error as IOError: return systemMessage(error.errnoCode)
    case ChannelError.connectTimeout(let limit):
      return "no connection in \(limit.nanoseconds / 1_000_000_000) s"
    default: return "\(error)"
    }
  }
}

/// Sends one request and receives its response.
private final class EtcdExchange: ChannelInboundHandler {
  typealias InboundIn = NIOHTTPClientResponseFull
  typealias OutboundOut = HTTPClientRequestPart

  private let head: HTTPRequestHead
  private let body: [UInt8]
  private let promise: EventLoopPromise<NIOHTTPClientResponseFull>

  init(
    _ head: HTTPRequestHead, _ body: [UInt8],
    _ promise: EventLoopPromise<NIOHTTPClientResponseFull>
  ) {
    self.head = head
    self.body = body
    self.promise = promise
  }

  func channelActive(context: ChannelHandlerContext) {
    let bytes = context.channel.allocator.buffer(bytes: body)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    promise.succeed(unwrapInboundIn(data))
  }

  func channelInactive(context: ChannelHandlerContext) {
    promise.fail(ElasticError(.rendezvousConnection, "the connection was closed"))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    promise.fail(error)
    context.close(promise: nil)
  }
}
